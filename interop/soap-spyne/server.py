"""A spyne server whose requests are checked by lxml against its schema. Usage: server.py PORT"""

import logging
import sys
from wsgiref.simple_server import make_server

from spyne import (
    Application,
    Array,
    Boolean,
    ByteArray,
    ComplexModel,
    Date,
    DateTime,
    Decimal,
    Double,
    Duration,
    Enum,
    Fault,
    Integer,
    Iterable,
    Service,
    Time,
    Unicode,
    XmlAttribute,
    rpc,
)
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

Color = Enum("Red", "Green", type_name="Color")


class Point(ComplexModel):
    __namespace__ = "urn:points"
    x = Integer
    y = Double(min_occurs=1)
    label = Unicode(min_occurs=0)


class Tree(ComplexModel):
    __namespace__ = "urn:app"
    name = Unicode
    points = Array(Point)
    attr = XmlAttribute(Unicode)
    when = DateTime


Tree.append_field("kids", Array(Tree))


class Odds(Service):
    @rpc(Unicode, Integer, _returns=Iterable(Unicode))
    def say_hello(ctx, name, times):
        return [f"Hello, {name}"] * times

    @rpc(Point, _returns=Point)
    def echo_point(ctx, point):
        return point

    @rpc(Tree, _returns=Tree)
    def echo_tree(ctx, tree):
        return tree

    @rpc(
        Decimal, Date, Time, Duration, ByteArray, Boolean,
        _returns=[Decimal, Date, Time, Duration, ByteArray, Boolean],
    )
    def multi(ctx, a, b, c, d, e, f):
        return [a, b, c, d, e, f]

    @rpc(Point, _body_style="bare", _returns=Point)
    def bare(ctx, point):
        return point

    @rpc(_returns=Unicode)
    def nothing(ctx):
        return None

    @rpc(Array(Integer), _returns=Array(Integer))
    def ints(ctx, numbers):
        return numbers

    @rpc(Color, _returns=Color)
    def color(ctx, color):
        return color

    @rpc(Integer)
    def fail(ctx, number):
        raise Fault("Client.Custom", f"failed {number}")


logging.disable(logging.CRITICAL)
application = Application([Odds], "urn:app", in_protocol=Soap11(validator="lxml"), out_protocol=Soap11())
make_server("127.0.0.1", int(sys.argv[1]), WsgiApplication(application)).serve_forever()
