"""omniORBpy as supplier and consumer of an event channel: python channel.py REFERENCE"""

import queue
import sys

import CosEventChannelAdmin
import CosEventChannelAdmin__POA
import CosEventComm
import CosEventComm__POA
from omniORB import CORBA, any as anys

checks = 0
told = queue.Queue()


def ok(condition, name, why=""):
    global checks
    checks += 1
    print(f"{'ok' if condition else 'not ok'} {checks} - {name}")
    if not condition:
        print("#", why)


class Consumer(CosEventComm__POA.PushConsumer):
    def push(self, data):
        told.put(data.value())

    def disconnect_push_consumer(self):
        told.put("the end")


class Supplier(CosEventComm__POA.PullSupplier):
    def __init__(self):
        self.events = [f"pulled {n}" for n in range(3)]

    def pull(self):
        if not self.events:
            raise CosEventComm.Disconnected()
        return anys.to_any(self.events.pop(0))

    def try_pull(self):
        return (self.pull(), True) if self.events else (anys.to_any(0), False)

    def disconnect_pull_supplier(self):
        pass


def main():
    orb = CORBA.ORB_init(sys.argv)
    poa = orb.resolve_initial_references("RootPOA")
    poa._get_the_POAManager().activate()
    channel = orb.string_to_object(sys.argv[1])._narrow(CosEventChannelAdmin.EventChannel)
    ok(channel is not None, "the channel is found by name")
    consumers, suppliers = channel.for_consumers(), channel.for_suppliers()
    proxy = consumers.obtain_push_supplier()
    consumer = Consumer()
    proxy.connect_push_consumer(consumer._this())
    try:
        proxy.connect_push_consumer(consumer._this())
        ok(False, "a proxy has one consumer")
    except CosEventChannelAdmin.AlreadyConnected:
        ok(True, "a proxy has one consumer")
    pulled = consumers.obtain_pull_supplier()
    pulled.connect_pull_consumer(None)
    ok(pulled.try_pull()[1] is False, "there is no event yet")
    supplier = suppliers.obtain_push_consumer()
    supplier.connect_push_supplier(None)
    sent = [1, "text", 2.5, True, [1, 2, 3], {"a": 1, "b": "x"}]
    for value in sent:
        supplier.push(anys.to_any(value))
    for value in sent:
        event = told.get(timeout=20)
        if isinstance(value, dict):
            event = {key: getattr(event, key) for key in value}
        ok(event == value, f"{value!r} is pushed on", repr(event))
    ok(pulled.pull().value() == 1, "events are pulled")
    ok(pulled.try_pull()[0].value() == "text", "and asked for")
    asked = suppliers.obtain_pull_consumer()
    asked.connect_pull_supplier(Supplier()._this())
    for n in range(3):
        event = told.get(timeout=20)
        ok(event == f"pulled {n}", f"event {n} is pulled from a supplier and pushed on", event)
    ok(proxy._is_a("IDL:omg.org/CosEventComm/PushSupplier:1.0"), "a proxy is what it derives from")
    proxy.disconnect_push_supplier()
    supplier.push(anys.to_any("nobody"))
    ok(proxy._non_existent() and told.empty(), "who disconnected hears nothing")
    supplier.disconnect_push_consumer()
    print(f"1..{checks}")


main()
