using System;
using System.Linq;
using System.Web.Services.Protocols;
using Echo;

/// Mono's generated proxies against farcall. Usage: client.exe BASE-URL
static class Client {
    static int count, failed;

    static void Report(bool good, string name, object why) {
        Console.WriteLine("{0} {1} - {2}", good ? "ok" : "not ok", ++count, name);
        if (good) return;
        failed++;
        foreach (string line in Convert.ToString(why).Split('\n').Take(8)) Console.WriteLine("# " + line);
    }

    static void True(string name, Func<bool> test) {
        try {
            Report(test(), name, "not true");
        } catch (Exception error) {
            Report(false, name, error);
        }
    }

    /// Calls an operation of echo with a value, which must come back.
    static void Same<T>(string name, Func<T, T> operation, T value) {
        try {
            T got = operation(value);
            Report(Equal(got, value), name, "got    " + Shown(got) + "\nwanted " + Shown(value));
        } catch (Exception error) {
            Report(false, name, error);
        }
    }

    /// Public properties and items, all the way down.
    static bool Equal(object a, object b) {
        if (a == null || b == null) return a == b;
        if (a is Array) {
            var items = (Array)a;
            var others = (Array)b;
            return items.Length == others.Length && Enumerable.Range(0, items.Length).All(at => Equal(items.GetValue(at), others.GetValue(at)));
        }
        if (a.GetType().Namespace == "Echo" && !a.GetType().IsEnum)
            return a.GetType() == b.GetType() && a.GetType().GetProperties().All(p => Equal(p.GetValue(a, null), p.GetValue(b, null)));
        return a.Equals(b);
    }

    static string Shown(object value) {
        if (value == null) return "null";
        if (value is Array) return "[" + string.Join(", ", ((Array)value).Cast<object>().Take(40).Select(Shown)) + "]";
        if (value.GetType().Namespace == "Echo" && !value.GetType().IsEnum)
            return value.GetType().Name + "{" + string.Join(", ", value.GetType().GetProperties().Select(p => p.Name + "=" + Shown(p.GetValue(value, null)))) + "}";
        return value is string ? "\"" + value + "\"" : value.ToString();
    }

    static int Main(string[] arguments) {
        string url = arguments[0];
        var fortune = new Fortune.Fortune { Url = url + "/fortune" };
        True("fortune", () => fortune.get_cookie() != "");
        Banking(new Bank.Bank { Url = url + "/bank" });
        var echo = new Echo.Echo { Url = url + "/echo" };
        Scalars(echo);
        Compounds(echo);
        Keeps(echo);
        try {
            echo.@char("two");
            Report(false, "the caller's mistake is said to be his", "no fault");
        } catch (SoapException error) {
            Report(error.Code == SoapException.ClientFaultCode, "the caller's mistake is said to be his", error.Code);
        }
        Console.WriteLine("1.." + count);
        return failed > 0 ? 1 : 0;
    }

    static void Banking(Bank.Bank bank) {
        True("no accounts", () => (bank.accounts("nobody") ?? new Bank.Statement[0]).Length == 0);
        True("open gives a reference", () => bank.open("mono", 10, true).Address.Contains("/bank/A"));
        var accounts = bank.accounts("mono");
        True("accounts", () => accounts.Length == 1 && accounts[0].owner == "mono" && accounts[0].balance == 10);
        True("deposit", () => bank.deposit(accounts[0].id, 2.5) == 12.5);
        try {
            bank.withdraw(accounts[0].id, 99);
            Report(false, "a typed fault with its members", "no fault");
        } catch (SoapException error) {
            // the proxy leaves a detail as XML
            const string space = "urn:farcall:Bank";
            var funds = error.Detail["InsufficientFunds", space];
            Report(funds != null && funds["balance", space].InnerText == "12.5" && double.Parse(funds["requested", space].InnerText) == 99,
                "a typed fault with its members", error.Detail.OuterXml);
        }
    }

    static void Scalars(Echo.Echo echo) {
        Same("bool", echo.@bool, true);
        Same("i8", echo.i8, sbyte.MinValue);
        Same("u8", echo.u8, byte.MaxValue);
        Same("i16", echo.i16, short.MinValue);
        Same("u16", echo.u16, ushort.MaxValue);
        Same("i32", echo.i32, int.MinValue);
        Same("u32", echo.u32, uint.MaxValue);
        Same("i64", echo.i64, long.MinValue);
        Same("u64", echo.u64, ulong.MaxValue);
        Same("f32", echo.f32, 1.5f);
        foreach (double number in new[] { 0.1, -1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN })
            Same("f64 " + number, echo.f64, number);
        // the decimal of .NET has no more than 28 digits
        Same("decimal", echo.@decimal, -12345678901234567890123456.78m);
        Same("char", echo.@char, "é");
        foreach (string text in new[] { "", "a<b>&\"'", "  spaces  ", "😀漢字" }) Same("string " + text, echo.@string, text);
        Same("bytes", echo.bytes, new byte[] { 0, 1, 255 });
        byte[] big = new byte[1 << 20];
        new Random(1).NextBytes(big);
        Same("bytes 1 MiB", echo.bytes, big);
        // a DateTime is of UTC, or of this place, or of no place
        var moment = new DateTime(2026, 11, 22, 14, 8, 55, 250, DateTimeKind.Utc);
        True("datetime in UTC", () => echo.datetime(moment).ToUniversalTime() == moment);
        Same("datetime of no place", echo.datetime, new DateTime(2026, 11, 22, 14, 8, 55));
        Same("date", echo.date, new DateTime(2026, 11, 22));
        True("time", () => echo.time(new DateTime(1, 1, 1, 14, 8, 55)).TimeOfDay == new TimeSpan(14, 8, 55));
        Same("duration", echo.duration, "P1DT2H3M4.5S");
        Same("color", echo.color, ColorType.green);
        var all = new Echo.ScalarsType {
            truth = true, tiny = sbyte.MinValue, octet = 255, small = short.MinValue, usmall = 65535, middle = int.MinValue,
            umiddle = uint.MaxValue, large = long.MinValue, ularge = ulong.MaxValue, single = 1.5f, @double = 0.1,
            exact = -1234567890.123m, text = " a<b>&\"' ]]> 😀 ", octets = new byte[] { 0, 255 },
            moment = new DateTime(2026, 11, 22, 14, 8, 55), day = new DateTime(2026, 11, 22), span = "P1DT2H3M4.5S",
            clock = DateTime.MinValue.AddHours(14), color = ColorType.blue,
        };
        Same("scalars", value => {
            var got = echo.scalars(value);
            got.clock = DateTime.MinValue + got.clock.TimeOfDay;
            return got;
        }, all);
    }

    static void Compounds(Echo.Echo echo) {
        True("nothing", () => { echo.nothing(); return true; });
        foreach (string[] list in new[] { new[] { "one" }, new[] { "a", "", "c" } }) Same("list of " + list.Length, echo.list, list);
        // the proxy has null for no items
        True("list of none", () => (echo.list(new string[0]) ?? new string[0]).Length == 0);
        Same("numbers", echo.numbers, new[] { 1, -2 });
        Same("array", echo.array, new[] { 1, 2, 3 });
        foreach (string text in new[] { "x", "", null }) Same("optional " + Shown(text), echo.optional, text);
        Same("optionals", echo.optionals, new[] { null, "x", null });
        Same("map", echo.map, new[] { new MapOfStringToIntEntry { key = "a", value = 1 }, new MapOfStringToIntEntry { key = "b", value = -1 } });
        Same("map of none", echo.map, new MapOfStringToIntEntry[0]);
        Same("numbered", echo.numbered, new[] { new MapOfIntToStringEntry { key = 7, value = "seven" } });
        Same("pair", echo.pair, new TupleOfStringAndInt { item1 = "a", item2 = 1 });
        Same("shape point", echo.shape, new ShapeType { Item = new NothingType() });
        Same("shape circle", echo.shape, new ShapeType { Item = 1.5 });
        Same("shape polygon", echo.shape, new ShapeType { Item = new ListOfCorner { item = new[] { new Corner { x = 1, y = -2 } } } });
        var one = new StructureType { name = "n", size = 1, ratio = 0.5, tags = new[] { "t" } };
        var two = new StructureType { name = "", size = -1, ratio = 2, tags = new[] { "a", "b" }, note = "x" };
        Same("structure", echo.structure, one);
        Same("structures", echo.structures, new[] { one, two });
        Same("tree", echo.tree, new TreeType { label = "r", branches = new[] { new TreeType { label = "l" } } });
        foreach (object any in new object[] { 5, "five", 1.5, true, null }) Same("any " + Shown(any), echo.any, any);
        Same("reference", value => new EndpointReferenceType { Address = echo.reference(value).Address },
            new EndpointReferenceType { Address = "http://127.0.0.1:1/x" });
    }

    static void Keeps(Echo.Echo echo) {
        Func<Action<SparseType>, SparseType> sparse = fill => {
            var made = new SparseType { map = new[] { new MapOfStringToIntEntry { key = "a", value = 1 } } };
            fill(made);
            return made;
        };
        Same("keeps None", echo.sparse, sparse(_ => {}));
        Same("keeps \"\"", echo.sparse, sparse(made => made.text = ""));
        Same("keeps []", echo.sparse, sparse(made => made.list = new string[0]));
        Same("keeps [one]", echo.sparse, sparse(made => { made.texts = new[] { "one" }; made.list = new[] { "" }; }));
        Same("keeps {}", echo.sparse, sparse(made => made.map = made.dictionary = new MapOfStringToIntEntry[0]));
        Same("keeps [nil]", echo.sparse, sparse(made => made.nils = new[] { null, "", null }));
    }
}
