// gSOAP's callers of bench.wsdl, threads with a connection each: see measure.hh for the arguments and the
// line that it prints. `client codec FILE MS` prints the best time of one parse of that document, the
// reply to `items`, and of one write of it.
#include "../measure.hh"

#include "BenchBinding.nsmap"
#include "soapBenchBindingProxy.h"
#include "values.hh"

static const soap_mode MODE = SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING | SOAP_XML_TREE;

// One caller: what it sends stays, what comes back is freed after each call.
template <typename Question, typename Answer, typename Operation, typename Good>
static std::function<bool()> caller(BenchBindingProxy* proxy, Question* question, Operation operation, Good good) {
  return [=] {
    Answer answer;
    bool fine = (proxy->*operation)(question, answer) == SOAP_OK && good(question, answer);
    if (proxy->soap->error) proxy->soap_print_fault(stderr);
    proxy->destroy();
    return fine;
  };
}

#define OPERATION(NAME) static_cast<int (BenchBindingProxy::*)(_ns1__##NAME*, _ns1__##NAME##Response&)>(&BenchBindingProxy::NAME)

static std::function<bool()> calls_of(const std::string& name, const char* url, struct soap* values, bool full) {
  BenchBindingProxy* proxy = new BenchBindingProxy(url, MODE);
  if (name == "string") {
    auto* question = new _ns1__text;
    question->value = std::string(64, 'x');
    return caller<_ns1__text, _ns1__textResponse>(proxy, question, OPERATION(text),
        [](auto* sent, auto& got) { return got.return_ == sent->value; });
  }
  if (name == "struct") {
    auto* question = new _ns1__item;
    question->value = item(values, 1);
    return caller<_ns1__item, _ns1__itemResponse>(proxy, question, OPERATION(item),
        [](auto* sent, auto& got) { return same(got.return_, sent->value); });
  }
  if (name == "structs") {
    auto* question = new _ns1__items;
    for (unsigned i = 0; i < 1000; i++) question->value.push_back(item(values, i));
    return caller<_ns1__items, _ns1__itemsResponse>(proxy, question, OPERATION(items), [=](auto* sent, auto& got) {
      bool good = got.return_.size() == sent->value.size();
      for (unsigned i = 0; full && good && i < 1000; i++) good = same(got.return_[i], sent->value[i]);
      return good;
    });
  }
  if (name == "bytes") {
    auto* question = new _ns1__octets;
    auto* sent = new std::string(octets(1 << 20));
    question->value.__ptr = (unsigned char*)sent->data();
    question->value.__size = sent->size();
    return caller<_ns1__octets, _ns1__octetsResponse>(proxy, question, OPERATION(octets), [=](auto*, auto& got) {
      return got.return_.__size == 1 << 20 && (!full || !std::memcmp(got.return_.__ptr, sent->data(), 1 << 20));
    });
  }
  fail("no such case");
}

// A document in memory, read and written by gSOAP's callbacks.
struct Memory {
  std::string text;
  std::size_t at = 0;
};

static std::size_t receive(struct soap* soap, char* out, std::size_t room) {
  auto* memory = (Memory*)soap->user;
  std::size_t count = std::min(room, memory->text.size() - memory->at);
  std::memcpy(out, memory->text.data() + memory->at, count);
  memory->at += count;
  return count;
}

static int send(struct soap* soap, const char* octets, std::size_t count) {
  ((Memory*)soap->user)->text.append(octets, count);
  return SOAP_OK;
}

static void codec(const char* path, std::chrono::milliseconds time) {
  std::ifstream file(path);
  Memory read, written;
  read.text.assign(std::istreambuf_iterator<char>(file), {});
  struct soap* soap = soap_new1(SOAP_C_UTFSTRING | SOAP_XML_TREE);
  struct soap* values = soap_new();
  soap_set_namespaces(soap, namespaces);
  soap->frecv = receive;
  soap->fsend = send;
  _ns1__itemsResponse value;
  for (unsigned i = 0; i < 1000; i++) value.return_.push_back(item(values, i));
  Nanoseconds decode = ~0ULL, encode = ~0ULL;
  for (Clock::time_point end = Clock::now() + time; Clock::now() < end;) {
    Clock::time_point start = Clock::now();
    _ns1__itemsResponse got;
    read.at = 0;
    soap->user = &read;
    if (soap_read__ns1__itemsResponse(soap, &got)) {
      soap_print_fault(soap, stderr);
      fail("the document cannot be parsed");
    }
    bool good = got.return_.size() == 1000 && same(got.return_[999], value.return_[999]);
    soap_destroy(soap);
    soap_end(soap);
    decode = std::min(decode, since(start));
    if (!good) fail("the document has other values");
    start = Clock::now();
    written.text.clear();
    soap->user = &written;
    if (soap_write__ns1__itemsResponse(soap, &value)) fail("the value cannot be written");
    encode = std::min(encode, since(start));
    soap_end(soap);
  }
  std::printf("%llu %llu\n", (unsigned long long)decode, (unsigned long long)encode);
}

int main(int argc, char** argv) {
  if (argc == 4 && !std::strcmp(argv[1], "codec")) {
    codec(argv[2], std::chrono::milliseconds(std::atoi(argv[3])));
    return 0;
  }
  if (argc != 7) fail("wrong arguments");
  struct soap* values = soap_new();
  if (!calls_of(argv[3], argv[1], values, true)()) fail("the reply is not the echo of the call");
  std::mutex one_at_a_time;
  measure(argv, [&](int) {
    std::lock_guard<std::mutex> guard(one_at_a_time);
    return calls_of(argv[3], argv[1], values, false);
  });
}
