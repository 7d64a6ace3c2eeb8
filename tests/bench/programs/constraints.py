"""Polymorphism: one-way constraints that push values through chains and scales."""


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.users = []
        self.source = None
        self.mark = 0


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def weaker(self, other):
        return self.strength < other.strength

    def inputs(self):
        raise NotImplementedError

    def execute(self):
        raise NotImplementedError

    def ready(self, mark):
        for variable in self.inputs():
            if variable.mark != mark and variable.source is not None:
                return False
        return True


class Stay(Constraint):
    def __init__(self, variable, strength):
        super().__init__(strength)
        self.output = variable
        variable.source = None

    def inputs(self):
        return []

    def execute(self):
        pass


class Equal(Constraint):
    def __init__(self, source, target, strength):
        super().__init__(strength)
        self.input = source
        self.output = target
        source.users.append(self)
        target.source = self

    def inputs(self):
        return [self.input]

    def execute(self):
        self.output.value = self.input.value


class Scale(Equal):
    def __init__(self, source, scale, offset, target, strength):
        super().__init__(source, target, strength)
        self.scale = scale
        self.offset = offset
        scale.users.append(self)
        offset.users.append(self)

    def inputs(self):
        return [self.input, self.scale, self.offset]

    def execute(self):
        self.output.value = self.input.value * self.scale.value + self.offset.value


class Planner:
    def __init__(self):
        self.mark = 0

    def plan(self, start):
        self.mark += 1
        mark = self.mark
        start.mark = mark
        plan = []
        todo = list(start.users)
        while todo:
            constraint = todo.pop()
            output = constraint.output
            if output.mark != mark and constraint.ready(mark):
                plan.append(constraint)
                output.mark = mark
                for user in output.users:
                    if not user.weaker(constraint):
                        todo.append(user)
        return plan

    def change(self, variable, value, plan):
        variable.value = value
        for constraint in plan:
            constraint.execute()


def chain(n, rounds):
    planner = Planner()
    variables = [Variable("v%d" % i, 0) for i in range(n + 1)]
    for before, after in zip(variables, variables[1:]):
        Equal(before, after, 2)
    Stay(variables[-1], 1)
    total = 0
    for value in range(rounds):
        plan = planner.plan(variables[0])
        planner.change(variables[0], value, plan)
        total += variables[-1].value + len(plan)
    return total


def projection(n, rounds):
    planner = Planner()
    scale, offset = Variable("scale", 10), Variable("offset", 1000)
    pairs = []
    for i in range(n):
        source, target = Variable("src%d" % i, i), Variable("dst%d" % i, i)
        Stay(source, 2)
        Scale(source, scale, offset, target, 3)
        pairs.append((source, target))
    total = 0
    for value in range(rounds):
        planner.change(scale, value, planner.plan(scale))
        planner.change(offset, value * 3, planner.plan(offset))
        total += sum(target.value for _, target in pairs)
    return total


def main():
    return chain(200, 200), projection(100, 200)


checksum = main()
