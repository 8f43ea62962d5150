// The built-in services of farcall, called by omniORB's compiled C++ stubs:
//     client HOST:PORT VERSION [OPTION OF omniORB]...
// $SCHEME is that of corbaloc, iiop unless given; references that are in the directory $IORS go before.
// Reports in the Test Anything Protocol.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "farcall.hh"

static int count = 0, failed = 0;

static void check(bool good, const char* name) {
  failed += !good;
  std::printf("%s %d - %s\n", good ? "ok" : "not ok", ++count, name);
}

static CORBA::ORB_var orb;
static std::string address, version;

static CORBA::Object_ptr at(const char* key) {
  const char *scheme = std::getenv("SCHEME"), *directory = std::getenv("IORS");
  std::string url = std::string("corbaloc:") + (scheme ? scheme : "iiop") + ":" + version + "@" + address + "/" + key;
  std::ifstream file(std::string(directory ? directory : "/none") + "/" + key + ".ior");
  if (file) std::getline(file, url);
  return orb->string_to_object(url.c_str());
}

static void texts() {
  CORBA::Object_var object = at("fortune");
  farcall::Fortune_var fortune = farcall::Fortune::_narrow(object);
  check(!CORBA::is_nil(fortune), "narrow");
  CORBA::String_var cookie = fortune->get_cookie();
  check(std::strlen(cookie) > 0, "get_cookie");
  object = at("strings");
  farcall::Strings_var strings = farcall::Strings::_narrow(object);
  CORBA::String_var text = strings->upper("j\xf6rg");
  check(!std::strcmp(text, "J\xd6RG"), "upper, ISO 8859-1");
  farcall::Strings__var parts = new farcall::Strings_;
  parts->length(2);
  parts[0u] = "a";
  parts[1u] = "";
  text = strings->join(parts, "-");
  check(!std::strcmp(text, "a-"), "join");
  check(strings->text_word_count("to be") == 2, "text.word_count");
}

static void values(farcall::Echo_ptr echo) {
  echo->nothing();
  check(echo->_cxx_bool(true) && !echo->_cxx_bool(false), "bool");
  check(echo->i64(-9223372036854775807LL - 1) == -9223372036854775807LL - 1, "i64");
  check(echo->f64(0.1) == 0.1 && echo->f32(0.5f) == 0.5f, "doubles");
  farcall::Octets octets;
  octets.length(8 << 20);
  for (CORBA::ULong i = 0; i < octets.length(); i++) octets[i] = i % 251;
  farcall::Octets_var same = echo->bytes(octets);
  check(same->length() == octets.length() && !std::memcmp(same->get_buffer(), octets.get_buffer(), 8 << 20),
        "octets of 8 MiB, in fragments");
  farcall::Longs longs;
  longs.length(100000);
  for (CORBA::ULong i = 0; i < longs.length(); i++) longs[i] = -CORBA::Long(i);
  farcall::Longs_var numbers = echo->numbers(longs);
  check(numbers->length() == 100000 && numbers[99999] == -99999, "numbers");
  farcall::OptionalString none;
  none._d(false);
  farcall::OptionalString_var back = echo->optional(none);
  check(!back->_d(), "none");
  none.value("");
  back = echo->optional(none);
  check(back->_d() && !std::strcmp(back->value(), ""), "an empty text");
  farcall::Shape shape;
  shape.circle(2.5);
  farcall::Shape_var round = echo->shape(shape);
  check(round->_d() == 1 && round->circle() == 2.5, "union");
  check(echo->color(farcall::blue) == farcall::blue, "enum");
}

static void structures(farcall::Echo_ptr echo) {
  farcall::Structure structure;
  structure.name = "n";
  structure.size = -1;
  structure.ratio = 0.25;
  structure.tags.length(1);
  structure.tags[0u] = "tag";
  structure.note._d(false);
  farcall::Structure_var same = echo->structure(structure);
  check(!std::strcmp(same->name, "n") && same->size == -1 && same->tags.length() == 1 && !same->note._d(),
        "struct");
  farcall::Tree tree;
  tree.label = "root";
  tree.branches.length(1);
  tree.branches[0u].label = "leaf";
  CORBA::Any any;
  any <<= tree;
  CORBA::Any_var back = echo->any(any);
  const farcall::Tree* read;
  check((back >>= read) && read->branches.length() == 1 && !std::strcmp(read->branches[0u].label, "leaf"),
        "any of a type that contains itself");
  CORBA::TypeCode_var type = back->type();
  check(type->equivalent(farcall::_tc_Tree), "its TypeCode came back, but for aliases");
  CORBA::Object_var object = at("fortune");
  farcall::Fortune_var fortune = farcall::Fortune::_narrow(object);
  farcall::Fortune_var there = echo->reference(fortune);
  check(there->_is_equivalent(fortune), "reference");
  there = echo->reference(farcall::Fortune::_nil());
  check(CORBA::is_nil(there), "nil reference");
}

static void failures() {
  CORBA::Object_var object = at("bank");
  farcall::Bank_var bank = farcall::Bank::_narrow(object);
  farcall::OptionalDouble amount;
  amount.value(10.0);
  farcall::Account_var account = bank->open("ann", amount);
  check(account->balance() == 10.0, "a reference that an operation returned");
  try {
    account->withdraw(11.0);
    check(false, "user exception");
  } catch (farcall::InsufficientFunds& e) {
    check(e.balance == 10.0 && e.requested == 11.0, "user exception");
  }
  object = at("nobody");
  check(object->_non_existent(), "_non_existent");
  farcall::Strings_var nobody = farcall::Strings::_unchecked_narrow(object);
  try {
    CORBA::String_var text = nobody->upper("x");
    check(false, "OBJECT_NOT_EXIST");
  } catch (CORBA::OBJECT_NOT_EXIST& e) {
    check(e.completed() == CORBA::COMPLETED_NO, "OBJECT_NOT_EXIST");
  }
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  address = argv[1];
  version = argv[2];
  const char* options[][2] = {{"maxGIOPVersion", version.c_str()}, {"giopMaxMsgSize", "16777216"}, {0, 0}};
  try {
    orb = CORBA::ORB_init(argc, argv, "omniORB4", options);
    texts();
    CORBA::Object_var object = at("echo");
    farcall::Echo_var echo = farcall::Echo::_narrow(object);
    values(echo);
    structures(echo);
    failures();
  } catch (CORBA::Exception& e) {
    std::printf("Bail out! %s\n", e._name());
    return 1;
  }
  std::printf("1..%d\n", count);
  orb->destroy();
  return failed != 0;
}
