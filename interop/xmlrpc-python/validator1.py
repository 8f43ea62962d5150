"""The methods of the XML-RPC validator, version 1 (the suite `validator1`)."""


def array_of_structs(structs):
    return sum(struct["curly"] for struct in structs)


def count_the_entities(text):
    return {
        "ctLeftAngleBrackets": text.count("<"),
        "ctRightAngleBrackets": text.count(">"),
        "ctAmpersands": text.count("&"),
        "ctApostrophes": text.count("'"),
        "ctQuotes": text.count('"'),
    }


def easy_struct(struct):
    return struct["moe"] + struct["larry"] + struct["curly"]


def echo_struct(struct):
    return struct


def many_types(number, boolean, text, double, date, octets):
    return [number, boolean, text, double, date, octets]


def moderate_size_array(items):
    return items[0] + items[-1]


def nested_struct(calendar):
    return easy_struct(calendar["2000"]["04"]["01"])


def simple_struct_return(number):
    return {"times10": number * 10, "times100": number * 100, "times1000": number * 1000}


METHODS = {
    "arrayOfStructsTest": array_of_structs,
    "countTheEntities": count_the_entities,
    "easyStructTest": easy_struct,
    "echoStructTest": echo_struct,
    "manyTypesTest": many_types,
    "moderateSizeArrayCheck": moderate_size_array,
    "nestedStructTest": nested_struct,
    "simpleStructReturnTest": simple_struct_return,
}
