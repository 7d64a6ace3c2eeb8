"""Classes, methods, attributes: an operating system's kernel in small, tasks that pass packets to each other."""

IDLE, WORKER, HANDLER, DEVICE = range(4)


class Packet:
    def __init__(self, link, owner, kind):
        self.link = link
        self.owner = owner
        self.kind = kind
        self.datum = 0
        self.data = [0] * 4

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        at = queue
        while at.link is not None:
            at = at.link
        at.link = self
        return queue


class Task:
    def __init__(self, system, name, priority, queue):
        self.system = system
        self.name = name
        self.priority = priority
        self.queue = queue
        self.waiting = queue is None
        self.held = False
        self.runs = 0

    def add_packet(self, packet, old):
        if self.queue is None:
            self.queue = packet
            self.waiting = False
            if self.priority > old.priority:
                return self
        else:
            packet.append_to(self.queue)
        return old

    def runnable(self):
        return not self.held and not (self.waiting and self.queue is None)

    def run(self):
        packet = None
        if self.waiting and self.queue is not None:
            self.waiting = False
        if self.queue is not None:
            packet = self.queue
            self.queue = packet.link
        self.runs += 1
        return self.step(packet)

    def wait(self):
        self.waiting = True
        return self


class IdleTask(Task):
    def __init__(self, system, name, count):
        super().__init__(system, name, 0, None)
        self.waiting = False
        self.control = 1
        self.count = count

    def step(self, packet):
        self.count -= 1
        if self.count == 0:
            self.held = True
            return None
        if self.control & 1 == 0:
            self.control //= 2
            return self.system.release(DEVICE)
        self.control = self.control // 2 ^ 0xD008
        return self.system.release(HANDLER)


class WorkTask(Task):
    def __init__(self, system, name, priority, queue):
        super().__init__(system, name, priority, queue)
        self.destination = HANDLER
        self.letter = 0

    def step(self, packet):
        if packet is None:
            return self.wait()
        self.destination = DEVICE if self.destination == HANDLER else HANDLER
        packet.owner = self.destination
        packet.datum = 0
        for i in range(4):
            self.letter += 1
            if self.letter > 26:
                self.letter = 1
            packet.data[i] = 64 + self.letter
        return self.system.send(packet)


class HandlerTask(Task):
    def __init__(self, system, name, priority):
        super().__init__(system, name, priority, None)
        self.work = None

    def step(self, packet):
        if packet is not None:
            self.work = packet.append_to(self.work)
        work = self.work
        if work is None:
            return self.wait()
        if work.datum >= 4:
            self.work = work.link
            work.owner = WORKER
            return self.system.send(work)
        self.system.total += work.data[work.datum]
        work.datum += 1
        return self.system.hold()


class System:
    def __init__(self):
        self.tasks = {}
        self.order = []
        self.current = None
        self.total = 0
        self.sent = 0
        self.holds = 0

    def add(self, task):
        self.tasks[task.name] = task
        self.order.append(task)

    def release(self, name):
        task = self.tasks[name]
        task.held = False
        return task if task.priority > self.current.priority else self.current

    def hold(self):
        self.holds += 1
        self.current.held = True
        return None

    def send(self, packet):
        target = self.tasks[packet.owner]
        self.sent += 1
        packet.link = None
        packet.owner = self.current.name
        return target.add_packet(packet, self.current)

    def schedule(self):
        rounds = 0
        task = self.order[0]
        while task is not None:
            if task.runnable():
                self.current = task
                following = task.run()
                rounds += 1
                if following is not None and following is not task:
                    task = following
                    continue
                if following is task and not task.waiting:
                    continue
            task = None
            for candidate in self.order:
                if candidate.runnable():
                    task = candidate
                    break
        return rounds


def main():
    system = System()
    system.add(HandlerTask(system, HANDLER, 3000))
    system.add(HandlerTask(system, DEVICE, 2000))
    queue = Packet(None, 0, 1)
    Packet(None, 0, 1).append_to(queue)
    Packet(None, 0, 1).append_to(queue)
    system.add(WorkTask(system, WORKER, 1000, queue))
    system.add(IdleTask(system, IDLE, 15000))
    rounds = system.schedule()
    return rounds, system.total, system.sent, system.holds


checksum = main()
