// omniORB's server: `server -ORBendPoint giop:tcp:127.0.0.1:PORT`. The object's key is `bench`.
// It says that it listens with a line, and ends when its standard input does.

#include <cstdio>

#include "bench.hh"

class Echo : public virtual POA_bench::Echo {
 public:
  void ping() override {}
  CORBA::Long echo_long(CORBA::Long value) override { return value; }
  char* echo_string(const char* value) override { return CORBA::string_dup(value); }

  // what came is handed back without a copy, where the mapping to C++ allows it
  bench::Octets* echo_octets(const bench::Octets& value) override { return taken(value); }
  bench::Doubles* echo_doubles(const bench::Doubles& value) override { return taken(value); }
  bench::Items* echo_items(const bench::Items& value) override { return taken(value); }
  bench::Records* echo_records(const bench::Records& value) override { return taken(value); }

 private:
  // a view of the parameter's buffer, which outlives the reply that is written from it
  template <typename T>
  static T* taken(const T& value) {
    T& from = const_cast<T&>(value);
    return new T(from.maximum(), from.length(), from.get_buffer(), false);
  }
};

int main(int argc, char** argv) {
  CORBA::ORB_var orb = CORBA::ORB_init(argc, argv);
  CORBA::Object_var object = orb->resolve_initial_references("omniINSPOA");
  PortableServer::POA_var poa = PortableServer::POA::_narrow(object);
  Echo echo;
  PortableServer::ObjectId_var id = PortableServer::string_to_ObjectId("bench");
  poa->activate_object_with_id(id, &echo);
  PortableServer::POAManager_var manager = poa->the_POAManager();
  manager->activate();
  std::puts(argc > 1 ? argv[1] : "");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  orb->destroy();
  return 0;
}
