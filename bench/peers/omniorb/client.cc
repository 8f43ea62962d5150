// omniORB's callers: `client URL SERVER_PID CASE CALLERS WARM_UP_MS MEASURED_MS [-ORB...]`, threads that
// call one reference at once. Prints, in nanoseconds but for the first, on one line:
//     calls wall p50 p99 client-cpu server-cpu
// `client codec CASE MS` prints the best time of one marshal and one unmarshal instead.

#include "../measure.hh"
#include "values.hh"

// One call with its answer checked in full, and one with a glance at it.
struct Calls {
  std::function<bool()> full, quick;
};

template <typename T>
static bool same_octets(const T& a, const T& b) {
  return a.length() == b.length() && !std::memcmp(a.get_buffer(), b.get_buffer(), a.length() * sizeof(a[0]));
}

static bool same_item(const bench::Item& a, const bench::Item& b) {
  return a.active == b.active && a.grade == b.grade && a.aisle == b.aisle && a.shelf == b.shelf && a.id == b.id &&
         a.quantity == b.quantity && a.created == b.created && a.serial == b.serial && a.weight == b.weight &&
         a.price == b.price;
}

static bool same_record(const bench::Record& a, const bench::Record& b) {
  return a.id == b.id && !std::strcmp(a.name, b.name) && !std::strcmp(a.sku, b.sku) &&
         !std::strcmp(a.description, b.description) && a.active == b.active && a.aisle == b.aisle &&
         a.quantity == b.quantity && a.created == b.created && a.weight == b.weight && a.price == b.price;
}

template <typename T, typename F>
static bool same_each(const T& a, const T& b, F same) {
  if (a.length() != b.length()) return false;
  for (CORBA::ULong i = 0; i < a.length(); i++) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

static Calls octets_of(bench::Echo_ptr echo, CORBA::ULong count) {
  const bench::Octets* sent = octets(count);
  return {[=] { bench::Octets_var got = echo->echo_octets(*sent); return same_octets(*sent, got.in()); },
          [=] { bench::Octets_var got = echo->echo_octets(*sent); return got->length() == sent->length(); }};
}

static Calls doubles_of(bench::Echo_ptr echo, CORBA::ULong count) {
  const bench::Doubles* sent = doubles(count);
  return {[=] { bench::Doubles_var got = echo->echo_doubles(*sent); return same_octets(*sent, got.in()); },
          [=] { bench::Doubles_var got = echo->echo_doubles(*sent); return got->length() == sent->length(); }};
}

static Calls calls_of(const std::string& name, bench::Echo_ptr echo) {
  if (name == "ping") {
    auto ping = [=] { echo->ping(); return true; };
    return {ping, ping};
  }
  if (name == "long") {
    auto call = [=] { return echo->echo_long(1789) == 1789; };
    return {call, call};
  }
  if (name == "string") {
    const std::string* sent = new std::string(1024, 'x');
    return {[=] { CORBA::String_var got = echo->echo_string(sent->c_str()); return *sent == got.in(); },
            [=] { CORBA::String_var got = echo->echo_string(sent->c_str()); return got[1023] == 'x'; }};
  }
  if (name == "octets-64k") return octets_of(echo, 64 << 10);
  if (name == "octets-1m") return octets_of(echo, 1 << 20);
  if (name == "doubles-64k") return doubles_of(echo, 8 << 10);
  if (name == "doubles-1m") return doubles_of(echo, 128 << 10);
  if (name == "items") {
    const bench::Items* sent = items(1000);
    return {[=] { bench::Items_var got = echo->echo_items(*sent); return same_each(*sent, got.in(), same_item); },
            [=] { bench::Items_var got = echo->echo_items(*sent); return got->length() == sent->length(); }};
  }
  if (name == "records") {
    const bench::Records* sent = records(1000);
    return {
        [=] { bench::Records_var got = echo->echo_records(*sent); return same_each(*sent, got.in(), same_record); },
        [=] { bench::Records_var got = echo->echo_records(*sent); return got->length() == sent->length(); }};
  }
  fail("no such case");
}

static void measure(bench::Echo_ptr echo, char** argv) {
  Calls calls = calls_of(argv[3], echo);
  if (!calls.full()) fail("the reply is not the echo of the call");
  measure(argv, [&](int) -> std::function<bool()> {
    return [&] {
      try {
        return calls.quick();
      } catch (const CORBA::Exception& exception) {
        fail(exception._name());
      }
    };
  });
}

// The fastest pass of each way within the time; the stream's buffer is used again.
template <typename T>
static void codec(const T* value, std::chrono::milliseconds time) {
  cdrMemoryStream stream;
  Nanoseconds marshal = ~0ULL, unmarshal = ~0ULL;
  Clock::time_point end = Clock::now() + time;
  while (Clock::now() < end) {
    Clock::time_point start = Clock::now();
    stream.rewindPtrs();
    *value >>= stream;
    marshal = std::min(marshal, since(start));
    start = Clock::now();
    {
      stream.rewindInputPtr();
      T read;
      read <<= stream;
      if (read.length() != value->length()) fail("it is not what was written");
    }
    unmarshal = std::min(unmarshal, since(start));
  }
  std::printf("%llu %llu\n", (unsigned long long)marshal, (unsigned long long)unmarshal);
}

static void codecs(char** argv) {
  std::string name = argv[2];
  std::chrono::milliseconds time(std::atoi(argv[3]));
  if (name == "octets-1m") return codec(octets(1 << 20), time);
  if (name == "doubles-1m") return codec(doubles(128 << 10), time);
  if (name == "items") return codec(items(1000), time);
  if (name == "records") return codec(records(1000), time);
  fail("no such case");
}

int main(int argc, char** argv) {
  CORBA::ORB_var orb = CORBA::ORB_init(argc, argv);
  if (argc == 4 && !std::strcmp(argv[1], "codec")) {
    codecs(argv);
    return 0;
  }
  if (argc != 7) fail("wrong arguments");
  try {
    CORBA::Object_var object = orb->string_to_object(argv[1]);
    bench::Echo_var echo = bench::Echo::_narrow(object);
    if (CORBA::is_nil(echo)) fail("it is no bench::Echo");
    measure(echo, argv);
  } catch (const CORBA::Exception& exception) {
    fail(exception._name());
  }
  orb->destroy();
  return 0;
}
