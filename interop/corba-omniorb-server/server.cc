// Every construct of IDL by omniORB's compiled C++ stubs, for farcall to call:
//     server [ssl:]PORT [OPTION OF omniORB]...
// "echo" answers, "forward" forwards every call to it; $WORK/echo.ior refers to the former.

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "kinds.hh"

using namespace kinds;

template <class As> class Made : public CORBA::ValueFactoryBase {
  CORBA::ValueBase* create_for_unmarshal() { return new As; }
};

class SquareValue : public virtual OBV_kinds::Square, public virtual CORBA::DefaultValueRefCountBase {
public:
  CORBA::Double area() { return side() * side(); }
};

class GroupValue : public virtual OBV_kinds::Group, public virtual CORBA::DefaultValueRefCountBase {
public:
  CORBA::Double area() {
    CORBA::Double sum = 0;
    for (CORBA::ULong i = 0; i < parts().length(); i++) sum += parts()[i]->area();
    return sum;
  }
};

static Echo_var elsewhere;

class Answers : public POA_kinds::Echo {
  CORBA::Long counted;
  bool forwards;

  void here() {
    if (forwards) throw omniORB::LOCATION_FORWARD(CORBA::Object::_duplicate(elsewhere), false);
  }

  template <class T> static T* copy(const T& x) { return new T(x); }
  template <class T> static T* again(T* x) {
    CORBA::add_ref(x);
    return x;
  }

public:
  explicit Answers(bool forwarding) : counted(0), forwards(forwarding) {}

  char* name() { here(); return CORBA::string_dup("omniORB"); }
  CORBA::Long twice(CORBA::Long x) { here(); return 2 * x; }
  CORBA::Long count() { here(); return counted; }
  void count(CORBA::Long v) { here(); counted = v; }
  void bump(CORBA::Long by) { counted += by; }
  CORBA::Boolean echo_boolean(CORBA::Boolean x) { here(); return x; }
  CORBA::Octet echo_octet(CORBA::Octet x) { return x; }
  CORBA::Char echo_char(CORBA::Char x) { return x; }
  CORBA::Short echo_short(CORBA::Short x) { return x; }
  CORBA::UShort echo_ushort(CORBA::UShort x) { return x; }
  CORBA::Long echo_long(CORBA::Long x) { return x; }
  CORBA::ULong echo_ulong(CORBA::ULong x) { return x; }
  CORBA::LongLong echo_longlong(CORBA::LongLong x) { return x; }
  CORBA::ULongLong echo_ulonglong(CORBA::ULongLong x) { return x; }
  CORBA::Float echo_float(CORBA::Float x) { return x; }
  CORBA::Double echo_double(CORBA::Double x) { return x; }
  CORBA::LongDouble echo_longdouble(CORBA::LongDouble x) { return x; }
  char* echo_string(const char* x) { here(); return CORBA::string_dup(x); }
  CORBA::WChar echo_wchar(CORBA::WChar x) { return x; }
  CORBA::WChar* echo_wstring(const CORBA::WChar* x) { return CORBA::wstring_dup(x); }
  WideNames* echo_widenames(const WideNames& x) { return copy(x); }
  char* echo_tenchars(const char* x) { return CORBA::string_dup(x); }
  Price echo_price(const Price& x) { return x; }
  Even echo_even(const Even& x) { return x; }
  Octets* echo_octets(const Octets& x) { here(); return copy(x); }
  Doubles* echo_doubles(const Doubles& x) { return copy(x); }
  UpToFive* echo_uptofive(const UpToFive& x) { return copy(x); }
  Jagged* echo_jagged(const Jagged& x) { return copy(x); }
  Matrix_slice* echo_matrix(const Matrix x) { return Matrix_dup(x); }
  Names_slice* echo_names(const Names x) { return Names_dup(x); }
  Color echo_color(Color x) { return x; }
  Basic* echo_basic(const Basic& x) { here(); return copy(x); }
  Nesteds* echo_nesteds(const Nesteds& x) { return copy(x); }
  Tree* echo_tree(const Tree& x) { return copy(x); }
  ByLong* echo_bylong(const ByLong& x) { return copy(x); }
  ByBoolean* echo_byboolean(const ByBoolean& x) { return copy(x); }
  ByChar* echo_bychar(const ByChar& x) { return copy(x); }
  ByColor* echo_bycolor(const ByColor& x) { return copy(x); }
  ByLongLong* echo_bylonglong(const ByLongLong& x) { return copy(x); }
  CORBA::Any* echo_any(const CORBA::Any& x) { return copy(x); }
  Anys* echo_anys(const Anys& x) { return copy(x); }
  CORBA::TypeCode_ptr echo_typecode(CORBA::TypeCode_ptr x) { return CORBA::TypeCode::_duplicate(x); }
  CORBA::Object_ptr echo_object(CORBA::Object_ptr x) { return CORBA::Object::_duplicate(x); }
  kinds::Base_ptr echo_base(kinds::Base_ptr x) { return kinds::Base::_duplicate(x); }
  Node* echo_node(Node* x) { return again(x); }
  Named* echo_named(Named* x) { return again(x); }
  Boxed* echo_boxed(Boxed* x) { return again(x); }
  Shape_ptr echo_shape(Shape_ptr x) { return kinds::Shape::_duplicate(x); }
  Shapes* echo_shapes(const Shapes& x) { return copy(x); }
  CORBA::Double area() { return 0.25; }
  CORBA::Boolean same(Node* a, Node* b) { return a == b; }
  CORBA::Long measured(Named* x) { return std::strlen(x->name()); }
  CORBA::Long mixed(CORBA::Long a, char*& text, Color& hue, Octets_out data) {
    std::string was = text;
    data = new Octets;
    data->length(was.size());
    std::memcpy(data->get_buffer(), was.data(), was.size());
    CORBA::string_free(text);
    text = CORBA::string_dup((was + "!").c_str());
    hue = blue;
    return 2 * a;
  }
  void nothing_but_outs(CORBA::Long& a, CORBA::Double& b) { a = 1; b = 2.5; }
  void refuse(CORBA::Long code) {
    if (code == 0) throw Bare();
    throw Refused(code, "because", green);
  }
  void forbid() { throw CORBA::NO_PERMISSION(7, CORBA::COMPLETED_NO); }
  void slow(CORBA::ULong ms) { usleep(ms * 1000); }
};

int main(int argc, char** argv) {
  std::string port = argv[1];
  bool tls = port.compare(0, 4, "ssl:") == 0;
  std::string endpoint = (tls ? "giop:ssl:127.0.0.1:" : "giop:tcp:127.0.0.1:") + port.substr(tls ? 4 : 0);
  std::vector<const char*> options = {
      argv[0], "-ORBendPoint", endpoint.c_str(), "-ORBnativeCharCodeSet", "UTF-8", "-ORBgiopMaxMsgSize", "33554432"};
  for (int i = 2; i < argc; i++) options.push_back(argv[i]);
  int count = options.size();
  options.push_back(0);
  CORBA::ORB_var orb = CORBA::ORB_init(count, const_cast<char**>(options.data()));
  CORBA::ValueFactory factory = new Made<OBV_kinds::Node>;
  orb->register_value_factory("IDL:kinds/Node:1.0", factory);
  orb->register_value_factory("IDL:kinds/Named:1.0", factory = new Made<OBV_kinds::Named>);
  orb->register_value_factory("IDL:kinds/Person:1.0", factory = new Made<OBV_kinds::Person>);
  orb->register_value_factory("IDL:kinds/Square:1.0", factory = new Made<SquareValue>);
  orb->register_value_factory("IDL:kinds/Group:1.0", factory = new Made<GroupValue>);
  CORBA::Object_var object = orb->resolve_initial_references("omniINSPOA");
  PortableServer::POA_var poa = PortableServer::POA::_narrow(object);
  Answers* echo = new Answers(false);
  poa->activate_object_with_id(PortableServer::ObjectId_var(PortableServer::string_to_ObjectId("echo")), echo);
  elsewhere = echo->_this();
  poa->activate_object_with_id(PortableServer::ObjectId_var(PortableServer::string_to_ObjectId("forward")),
                               new Answers(true));
  CORBA::String_var ior = orb->object_to_string(elsewhere);
  std::ofstream(std::string(std::getenv("WORK")) + "/echo.ior") << ior;
  PortableServer::POAManager_var manager = poa->the_POAManager();
  manager->activate();
  orb->run();
}
