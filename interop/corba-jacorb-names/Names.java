// Binds, resolves and lists in farcall's naming service, by JacORB: Names URL

import java.util.Arrays;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.omg.CORBA.ORB;
import org.omg.CosNaming.BindingHolder;
import org.omg.CosNaming.BindingIterator;
import org.omg.CosNaming.BindingIteratorHolder;
import org.omg.CosNaming.BindingListHolder;
import org.omg.CosNaming.BindingType;
import org.omg.CosNaming.NameComponent;
import org.omg.CosNaming.NamingContext;
import org.omg.CosNaming.NamingContextExt;
import org.omg.CosNaming.NamingContextExtHelper;
import org.omg.CosNaming.NamingContextExtPackage.InvalidAddress;
import org.omg.CosNaming.NamingContextHelper;
import org.omg.CosNaming.NamingContextPackage.AlreadyBound;
import org.omg.CosNaming.NamingContextPackage.InvalidName;
import org.omg.CosNaming.NamingContextPackage.NotEmpty;
import org.omg.CosNaming.NamingContextPackage.NotFound;
import org.omg.CosNaming.NamingContextPackage.NotFoundReason;

public final class Names {
    private static ORB orb;

    public static void main(String[] args) throws Exception {
        orb = ORB.init(new String[0], new Properties());
        try {
            NamingContextExt root = NamingContextExtHelper.narrow(orb.string_to_object(args[0]));
            contexts(root);
            lists(root);
            texts(root);
            destroyed(root);
        } catch (Exception why) {
            Tap.bailOut(why);
        }
        Tap.done();
        orb.destroy();
    }

    private interface Change {
        void run() throws Exception;
    }

    private static void raises(String name, Change change, Tap.Predicate wanted) {
        Callable<?> call = () -> {
            change.run();
            return null;
        };
        Tap.raises(name, call, wanted);
    }

    private static NameComponent[] name(String... ids) {
        return Arrays.stream(ids).map(id -> new NameComponent(id, "kind")).toArray(NameComponent[]::new);
    }

    private static org.omg.CORBA.Object object(String key) {
        return orb.string_to_object("corbaloc:iiop:1.2@127.0.0.1:2809/" + key);
    }

    private static void contexts(NamingContextExt root) throws Exception {
        NamingContext bank = root.bind_new_context(name("banks"));
        Tap.equal("a context is where it was bound", () -> root.resolve(name("banks"))._is_equivalent(bank), true);
        root.bind(name("banks", "first"), object("first"));
        Tap.equal("resolve by a path", () -> orb.object_to_string(root.resolve(name("banks", "first"))),
            orb.object_to_string(object("first")));
        Tap.equal("resolve in its context", () -> orb.object_to_string(bank.resolve(name("first"))),
            orb.object_to_string(object("first")));
        raises("bind twice", () -> bank.bind(name("first"), object("other")), thrown -> thrown instanceof AlreadyBound);
        bank.rebind(name("first"), object("other"));
        Tap.equal("rebind", () -> orb.object_to_string(bank.resolve(name("first"))),
            orb.object_to_string(object("other")));
        raises("resolve nothing", () -> root.resolve(name("banks", "none", "rest")), thrown -> {
            NotFound why = (NotFound) thrown;
            return why.why == NotFoundReason.missing_node && why.rest_of_name.length == 2;
        });
        raises("resolve beyond an object", () -> root.resolve(name("banks", "first", "rest")),
            thrown -> ((NotFound) thrown).why == NotFoundReason.not_context);
        raises("an empty name", () -> root.resolve(new NameComponent[0]), thrown -> thrown instanceof InvalidName);
        bank.unbind(name("first"));
        raises("unbound", () -> bank.resolve(name("first")), thrown -> thrown instanceof NotFound);
    }

    private static void lists(NamingContextExt root) throws Exception {
        NamingContext bank = NamingContextHelper.narrow(root.resolve(name("banks")));
        TreeSet<String> all = new TreeSet<>();
        for (int i = 0; i < 25; i++) {
            bank.bind(name("account" + i), object("account" + i));
            all.add("account" + i);
        }
        bank.bind_new_context(name("inner"));
        all.add("inner/");
        Tap.equal("list by an iterator", () -> {
            BindingListHolder list = new BindingListHolder();
            BindingIteratorHolder rest = new BindingIteratorHolder();
            bank.list(10, list, rest);
            TreeSet<String> seen = new TreeSet<>();
            Arrays.stream(list.value).map(Names::shown).forEach(seen::add);
            BindingIterator more = rest.value;
            BindingHolder one = new BindingHolder();
            if (more.next_one(one)) seen.add(shown(one.value));
            while (more.next_n(4, list)) Arrays.stream(list.value).map(Names::shown).forEach(seen::add);
            more.destroy();
            return seen;
        }, all);
        Tap.equal("a list without an iterator", () -> {
            BindingListHolder list = new BindingListHolder();
            BindingIteratorHolder rest = new BindingIteratorHolder();
            bank.list(100, list, rest);
            return list.value.length + " " + (rest.value == null);
        }, "26 true");
    }

    private static String shown(org.omg.CosNaming.Binding binding) {
        return binding.binding_name[0].id + (binding.binding_type == BindingType.ncontext ? "/" : "");
    }

    private static void texts(NamingContextExt root) throws Exception {
        Tap.equal("to_string", () -> root.to_string(new NameComponent[] {
            new NameComponent("a/b", "k"), new NameComponent("c.d", ""), new NameComponent("", "e"),
        }), "a\\/b.k/c\\.d/.e");
        Tap.equal("to_name", () -> {
            NameComponent[] read = root.to_name("a\\/b.k/c");
            return read.length + read[0].id + read[0].kind + read[1].id + read[1].kind;
        }, "2a/bkc");
        Tap.equal("resolve_str", () -> root.resolve_str("banks.kind/account3.kind") != null, true);
        Tap.equal("to_url", () -> root.to_url(":127.0.0.1:2809", "a.b/c"), "corbaname::127.0.0.1:2809#a.b/c");
        raises("to_url of no address", () -> root.to_url("", "a"), thrown -> thrown instanceof InvalidAddress);
        raises("to_name of no name", () -> root.to_name("a//b"), thrown -> thrown instanceof InvalidName);
    }

    private static void destroyed(NamingContextExt root) throws Exception {
        NamingContext bank = NamingContextHelper.narrow(root.resolve(name("banks")));
        raises("destroy what is not empty", bank::destroy, thrown -> thrown instanceof NotEmpty);
        for (int i = 0; i < 25; i++) bank.unbind(name("account" + i));
        NamingContext inner = NamingContextHelper.narrow(bank.resolve(name("inner")));
        bank.unbind(name("inner"));
        inner.destroy();
        root.unbind(name("banks"));
        bank.destroy();
        Tap.equal("destroyed", () -> bank._non_existent(), true);
        NamingContext loose = root.new_context();
        root.bind_context(name("loose"), loose);
        Tap.equal("bind_context", () -> root.resolve(name("loose"))._is_equivalent(loose), true);
        root.unbind(name("loose"));
        loose.destroy();
    }

    private Names() {}
}
