// Checks, reported in the Test Anything Protocol.

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;

final class Tap {
    private static int count;

    /** What is to be true of what a call throws. */
    interface Predicate {
        boolean test(Throwable thrown) throws Exception;
    }

    static void check(String name, boolean good, Object why) {
        System.out.println((good ? "ok " : "not ok ") + ++count + " - " + name);
        if (!good) System.out.println("# " + String.valueOf(why).replace('\n', ' '));
    }

    static void equal(String name, Callable<?> call, Object wanted) {
        try {
            Object got = call.call();
            check(name, Objects.deepEquals(got, wanted), shown(got) + " instead of " + shown(wanted));
        } catch (Throwable thrown) {
            check(name, false, thrown);
        }
    }

    static void raises(String name, Callable<?> call, Predicate wanted) {
        try {
            check(name, false, "it returned " + shown(call.call()));
        } catch (Throwable thrown) {
            try {
                check(name, wanted.test(thrown), thrown);
            } catch (Exception other) {
                check(name, false, other);
            }
        }
    }

    /** Ends the process: nothing more can be checked, and an ORB's threads would keep it alive. */
    static void bailOut(Throwable why) {
        System.out.println("Bail out! " + why);
        System.exit(1);
    }

    static void done() {
        System.out.println("1.." + count);
    }

    private static String shown(Object value) {
        String text = Arrays.deepToString(new Object[] {value});
        return text.length() > 400 ? text.substring(0, 400) + "..." : text;
    }

    private Tap() {}
}
