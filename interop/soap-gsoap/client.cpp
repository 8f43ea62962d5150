// gSOAP's generated proxies against farcall. Usage: client BASE-URL
#include <cmath>
#include <cstring>
#include <limits>
#include "BankBinding.nsmap"
#include "soapBankBindingProxy.h"
#include "soapEchoBindingProxy.h"
#include "soapFortuneBindingProxy.h"
#include "tap.h"

static Tap tap;

// Calls an operation of echo with `VALUE`, and looks at what it returned as `got`.
#define ECHO(NAME, TYPE, METHOD, VALUE, GOOD)                                                      \
    do {                                                                                           \
        _ns3__##TYPE question;                                                                     \
        _ns3__##TYPE##Response answer;                                                             \
        question.x = VALUE;                                                                        \
        auto &got = answer.return_;                                                                \
        tap.call(echo.soap, NAME, [&] { return echo.METHOD(&question, answer); }, [&] { return GOOD; }); \
    } while (false)
#define SAME(NAME, TYPE, METHOD, VALUE) ECHO(NAME, TYPE, METHOD, VALUE, got == question.x)

static xsd__base64Binary binary(const std::string &octets, int size) {
    xsd__base64Binary made;
    made.__ptr = (unsigned char *)octets.data(), made.__size = size;
    return made;
}

static bool same(const xsd__base64Binary &a, const xsd__base64Binary &b) {
    return a.__size == b.__size && std::memcmp(a.__ptr, b.__ptr, a.__size) == 0;
}

static bool same(const std::string *a, const std::string *b) {
    return a && b ? *a == *b : a == b;
}

static bool same(const ns3__MapOfStringToInt *a, const ns3__MapOfStringToInt *b) {
    if (!a || !b) return a == b;
    if (a->entry.size() != b->entry.size()) return false;
    for (size_t at = 0; at < a->entry.size(); at++)
        if (a->entry[at].key != b->entry[at].key || a->entry[at].value != b->entry[at].value) return false;
    return true;
}

static bool same(const ns3__SparseType *a, const ns3__SparseType *b) {
    bool lists = a->list && b->list ? a->list->item == b->list->item : a->list == b->list;
    return same(a->text, b->text) && a->texts == b->texts && lists && same(a->map, b->map)
        && same(a->dictionary, b->dictionary) && same(a->nil, b->nil) && a->nils == b->nils;
}

static void scalars(EchoBindingProxy &echo) {
    SAME("bool", bool, bool_, true);
    SAME("i8", i8, i8, -128);
    SAME("u8", u8, u8, 255);
    SAME("i16", i16, i16, -32768);
    SAME("u16", u16, u16, 65535);
    SAME("i32", i32, i32, std::numeric_limits<int>::min());
    SAME("u32", u32, u32, 4294967295u);
    SAME("i64", i64, i64, std::numeric_limits<LONG64>::min());
    SAME("u64", u64, u64, std::numeric_limits<ULONG64>::max());
    SAME("f32", f32, f32, 1.5f);
    for (double number : {0.1, -1e300, 5e-324, HUGE_VAL, -HUGE_VAL})
        SAME("f64 " + std::to_string(number), f64, f64, number);
    ECHO("f64 NaN", f64, f64, std::nan(""), std::isnan(got));
    SAME("decimal of 38 digits", decimal, decimal, "-12345678901234567890123456789012345.678");
    SAME("char", char, char_, "\xc3\xa9");
    for (const char *text : {"", "a<b>&\"'", "  spaces  ", "\xf0\x9f\x98\x80\xe6\xbc\xa2"})
        SAME(std::string("string ") + text, string, string, text);
    // gSOAP's dateTime is an instant
    SAME("datetime", datetime, datetime, 1795000135);
    SAME("date", date, date, "2026-11-22");
    SAME("time", time, time, "14:08:55");
    SAME("duration", duration, duration, "P1DT2H3M4.5S");
    SAME("color", color, color, ns3__ColorType__green);
    std::string octets(1 << 20, '\0');
    for (size_t at = 0; at < octets.size(); at++) octets[at] = char(at * 31 >> 3);
    for (int size : {3, 1 << 20})
        ECHO("bytes " + std::to_string(size), bytes, bytes, binary(octets, size), same(got, question.x));
    ns3__ScalarsType all;
    all.truth = true, all.tiny = -128, all.octet = 255, all.small = -32768, all.usmall = 65535;
    all.middle = std::numeric_limits<int>::min(), all.umiddle = 4294967295u;
    all.large = std::numeric_limits<LONG64>::min(), all.ularge = std::numeric_limits<ULONG64>::max();
    all.single = 1.5f, all.double_ = 0.1, all.exact = "-12345678901234567890123456789012345.678";
    all.text = " a<b>&\"' ]]> ", all.octets = binary(octets, 3), all.moment = 1795000135;
    all.day = "2026-11-22", all.clock = "14:08:55", all.span = "P1DT2H3M4.5S", all.color = ns3__ColorType__blue;
    ECHO("scalars", scalars, scalars, &all,
         got->truth == all.truth && got->tiny == all.tiny && got->octet == all.octet && got->small == all.small
             && got->usmall == all.usmall && got->middle == all.middle && got->umiddle == all.umiddle
             && got->large == all.large && got->ularge == all.ularge && got->single == all.single
             && got->double_ == all.double_ && got->exact == all.exact && got->text == all.text
             && same(got->octets, all.octets) && got->moment == all.moment && got->day == all.day
             && got->clock == all.clock && got->span == all.span && got->color == all.color);
}

static void compounds(EchoBindingProxy &echo) {
    {
        _ns3__nothing question;
        _ns3__nothingResponse answer;
        tap.call(echo.soap, "nothing", [&] { return echo.nothing(&question, answer); }, [] { return true; });
    }
    SAME("list of one", list, list, {"one"});
    SAME("list of none", list, list, {});
    SAME("list", list, list, (std::vector<std::string>{"a", "", "c"}));
    SAME("numbers", numbers, numbers, (std::vector<int>{1, -2}));
    SAME("array of three", array, array, (std::vector<int>{1, 2, 3}));
    std::string text = "x", empty;
    for (std::string *value : {&text, &empty, (std::string *)nullptr})
        ECHO(std::string("optional ") + (value ? '"' + *value + '"' : "absent"), optional, optional, value, same(got, value));
    ns3__MapOfStringToInt map;
    map.entry.resize(2);
    map.entry[0].key = "a", map.entry[0].value = 1, map.entry[1].key = "b", map.entry[1].value = -1;
    ECHO("map", map, map, &map, same(got, &map));
    ns3__MapOfIntToString numbered;
    numbered.entry.resize(1);
    numbered.entry[0].key = 7, numbered.entry[0].value = "seven";
    ECHO("numbered", numbered, numbered, &numbered, got->entry.size() == 1 && got->entry[0].value == "seven");
    ns3__TupleOfStringAndInt pair;
    pair.item1 = "a", pair.item2 = 1;
    ECHO("pair", pair, pair, &pair, got->item1 == "a" && got->item2 == 1);
    ns3__ShapeType shape;
    ns3__NothingType point;
    shape.__union_ShapeType = SOAP_UNION__ns3__union_ShapeType_point, shape.union_ShapeType.point = &point;
    ECHO("shape point", shape, shape, &shape, got->__union_ShapeType == shape.__union_ShapeType);
    shape.__union_ShapeType = SOAP_UNION__ns3__union_ShapeType_circle, shape.union_ShapeType.circle = 1.5;
    ECHO("shape circle", shape, shape, &shape,
         got->__union_ShapeType == shape.__union_ShapeType && got->union_ShapeType.circle == 1.5);
    ns3__Corner corner;
    corner.x = 1, corner.y = -2;
    ns3__ListOfCorner corners;
    corners.item = {&corner};
    shape.__union_ShapeType = SOAP_UNION__ns3__union_ShapeType_polygon, shape.union_ShapeType.polygon = &corners;
    ECHO("shape polygon", shape, shape, &shape,
         got->__union_ShapeType == shape.__union_ShapeType && got->union_ShapeType.polygon->item.size() == 1
             && got->union_ShapeType.polygon->item[0]->y == -2);
    ns3__StructureType one, two;
    one.name = "n", one.size = 1, one.ratio = 0.5, one.tags = {"t"}, one.note = nullptr;
    two.name = "", two.size = -1, two.ratio = 2, two.note = &text;
    ECHO("structure", structure, structure, &one, got->tags == one.tags && !got->note);
    ECHO("structures", structures, structures, (std::vector<ns3__StructureType *>{&one, &two}),
         got.size() == 2 && got[1]->size == -1 && *got[1]->note == "x" && got[1]->tags.empty());
    ns3__TreeType leaf, tree;
    leaf.label = "l", tree.label = "r", tree.branches = {&leaf, &leaf};
    ECHO("tree", tree, tree, &tree, got->branches.size() == 2 && got->branches[1]->label == "l");
    xsd__int_ number;
    number.__item = 5;
    ECHO("any int", any, any, &number, got->soap_type() == SOAP_TYPE_xsd__int_ && ((xsd__int_ *)got)->__item == 5);
    xsd__string_ words;
    words.__item = "five";
    ECHO("any string", any, any, &words,
         got->soap_type() == SOAP_TYPE_xsd__string_ && ((xsd__string_ *)got)->__item == "five");
    ECHO("any nil", any, any, nullptr, got == nullptr);
    wsa5__EndpointReferenceType reference;
    reference.Address = "http://127.0.0.1:1/x";
    ECHO("reference", reference, reference, &reference, got->Address == reference.Address);
}

static void keeps(EchoBindingProxy &echo) {
    ns3__MapOfStringToInt map, hollow;
    map.entry.resize(1);
    map.entry[0].key = "a", map.entry[0].value = 1;
    ns3__ListOfString no_texts, one_text;
    one_text.item = {""};
    std::string empty;
    ns3__SparseType none;
    none.map = &map;
    auto keeps = [&](const char *what, std::function<void(ns3__SparseType &)> fill) {
        ns3__SparseType sparse = none;
        fill(sparse);
        ECHO(std::string("keeps ") + what, sparse, sparse, &sparse, same(got, &sparse));
    };
    keeps("None", [&](ns3__SparseType &) {});
    keeps("\"\"", [&](ns3__SparseType &sparse) { sparse.text = &empty; });
    keeps("[]", [&](ns3__SparseType &sparse) { sparse.list = &no_texts; });
    keeps("[one]", [&](ns3__SparseType &sparse) { sparse.texts = {"one"}, sparse.list = &one_text; });
    keeps("{}", [&](ns3__SparseType &sparse) { sparse.map = sparse.dictionary = &hollow; });
}

static void bank(BankBindingProxy &bank) {
    _ns2__accounts whose;
    _ns2__accountsResponse accounts;
    std::string nobody = "nobody";
    whose.owner = &nobody;
    tap.call(bank.soap, "no accounts", [&] { return bank.accounts(&whose, accounts); },
             [&] { return accounts.return_.empty(); });
    std::string owner = "gsoap";
    double initial = 10;
    _ns2__open opening;
    _ns2__openResponse opened;
    opening.owner = owner, opening.initial = &initial;
    tap.call(bank.soap, "open gives a reference", [&] { return bank.open(&opening, opened); },
             [&] { return opened.return_->Address.find("/bank/A") != std::string::npos; });
    whose.owner = &owner;
    tap.call(bank.soap, "accounts", [&] { return bank.accounts(&whose, accounts); }, [&] {
        return accounts.return_.size() == 1 && accounts.return_[0]->owner == owner && accounts.return_[0]->balance == 10;
    });
    std::string account = accounts.return_.empty() ? "" : accounts.return_[0]->id;
    _ns2__withdraw drawing;
    _ns2__withdrawResponse drawn;
    drawing.account = account, drawing.amount = 99;
    int error = bank.withdraw(&drawing, drawn);
    auto *detail = error ? bank.soap->fault->detail : nullptr;
    auto *funds = detail ? detail->ns2__InsufficientFunds_ : nullptr;
    tap.report(funds && funds->balance == 10 && funds->requested == 99, "a typed fault with its members");
    _ns2__balance asking;
    _ns2__balanceResponse balance;
    asking.account = "X";
    error = bank.balance(&asking, balance);
    detail = error ? bank.soap->fault->detail : nullptr;
    auto *missing = detail ? detail->ns2__NoSuchAccount_ : nullptr;
    tap.report(missing && missing->account == "X", "another typed fault");
}

int main(int, char **arguments) {
    std::string base = arguments[1], fortune_url = base + "/fortune", bank_url = base + "/bank", echo_url = base + "/echo";
    FortuneBindingProxy fortune(fortune_url.c_str());
    _ns1__get_USCOREcookie question;
    _ns1__get_USCOREcookieResponse cookie;
    tap.call(fortune.soap, "fortune", [&] { return fortune.get_USCOREcookie(&question, cookie); },
             [&] { return !cookie.return_.empty(); });
    BankBindingProxy vault(bank_url.c_str());
    bank(vault);
    EchoBindingProxy echo(echo_url.c_str(), SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING);
    scalars(echo);
    compounds(echo);
    keeps(echo);
    _ns3__char wrong;
    _ns3__charResponse answer;
    wrong.x = "two";
    int error = echo.char_(&wrong, answer);
    const char *code = error == SOAP_FAULT ? *soap_faultcode(echo.soap) : "no fault";
    tap.report(code && std::strstr(code, ":Client"), "the caller's mistake is said to be his", code ? code : "no code");
    SAME("and the next call goes on", i32, i32, 1);
    return tap.close();
}
