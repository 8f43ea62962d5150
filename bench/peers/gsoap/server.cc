// gSOAP's server of bench.wsdl: a thread a connection, kept alive. `server ADDRESS` prints its address.
#include <thread>

#include "BenchBinding.nsmap"
#include "soapBenchBindingService.h"

struct Same : BenchBindingService {
  using BenchBindingService::BenchBindingService;
  BenchBindingService* copy() override { return new Same(soap_copy(soap)); }

  int text(_ns1__text* asked, _ns1__textResponse& answer) override {
    answer.return_ = std::move(asked->value);
    return SOAP_OK;
  }
  int item(_ns1__item* asked, _ns1__itemResponse& answer) override {
    answer.return_ = asked->value;
    return SOAP_OK;
  }
  int items(_ns1__items* asked, _ns1__itemsResponse& answer) override {
    answer.return_ = std::move(asked->value);
    return SOAP_OK;
  }
  int octets(_ns1__octets* asked, _ns1__octetsResponse& answer) override {
    answer.return_ = asked->value;
    return SOAP_OK;
  }
};

int main(int, char** argv) {
  std::string address = argv[1];
  Same listener(SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING | SOAP_XML_TREE);
  listener.soap->bind_flags = SO_REUSEADDR;
  // as many calls on a connection as its caller likes
  listener.soap->max_keep_alive = 2000000000;
  if (!soap_valid_socket(listener.bind("127.0.0.1", std::stoi(address.substr(address.rfind(':') + 1)), 100))) {
    listener.soap_print_fault(stderr);
    return 1;
  }
  std::puts(argv[1]);
  std::fflush(stdout);
  while (soap_valid_socket(listener.accept())) {
    std::thread([soap = soap_copy(listener.soap)] {
      Same service(soap);
      service.serve();
      service.destroy();
      soap_free(soap);
    }).detach();
  }
}
