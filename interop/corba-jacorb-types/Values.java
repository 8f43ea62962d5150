// The value types of kinds.idl, and their factories.

import java.io.Serializable;
import java.util.function.Supplier;
import kinds.*;
import org.omg.CORBA.portable.ValueFactory;
import org.omg.CORBA_2_3.ORB;

final class Values {
    static final class NodeValue extends Node {
        NodeValue() {}

        NodeValue(String label, Node left, Node right) {
            this.label = label;
            this.left = left;
            this.right = right;
        }
    }

    static final class NamedValue extends Named {
        NamedValue() {}

        NamedValue(String name) {
            this.name = name;
        }
    }

    static final class PersonValue extends Person {
        PersonValue() {}

        PersonValue(String name, int age, Named friend) {
            this.name = name;
            this.age = age;
            this.friend = friend;
        }
    }

    /** Has the ORB make them. */
    static void register(org.omg.CORBA.ORB orb) {
        ORB registry = (ORB) orb;
        registry.register_value_factory("IDL:kinds/Node:1.0", factory(NodeValue::new));
        registry.register_value_factory("IDL:kinds/Named:1.0", factory(NamedValue::new));
        registry.register_value_factory("IDL:kinds/Person:1.0", factory(PersonValue::new));
    }

    private static ValueFactory factory(Supplier<? extends Serializable> made) {
        return in -> in.read_value(made.get());
    }

    private Values() {}
}
