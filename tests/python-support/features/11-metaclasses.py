# Metaclasses, descriptors, __init_subclass__, __set_name__
class Typed:
    def __set_name__(self, owner, name): self.name = "_" + name
    def __get__(self, instance, owner): return getattr(instance, self.name)
    def __set__(self, instance, value): setattr(instance, self.name, int(value))
class Registry(type):
    known = []
    def __new__(meta, name, bases, space, **kw):
        cls = super().__new__(meta, name, bases, space, **kw)
        meta.known.append(name)
        return cls
class Base(metaclass=Registry):
    n = Typed()
    def __init_subclass__(cls, flag=False): cls.flag = flag
class Child(Base, flag=True): pass
child = Child()
child.n = "7"
assert child.n == 7 and Child.flag and Registry.known == ["Base", "Child"]
