// The values of each case, the same that bench/src/corba/cases.rs makes.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "bench.hh"

// octets that look random: xorshift of 64 bits, as in Rust
inline std::uint64_t shifted(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

inline bench::Octets* octets(CORBA::ULong count) {
  bench::Octets* out = new bench::Octets;
  out->length(count);
  std::uint64_t state = 0x9e3779b97f4a7c15ULL;
  for (CORBA::ULong i = 0; i < count; i++) (*out)[i] = CORBA::Octet(shifted(state));
  return out;
}

inline bench::Doubles* doubles(CORBA::ULong count) {
  bench::Doubles* out = new bench::Doubles;
  out->length(count);
  for (CORBA::ULong i = 0; i < count; i++) (*out)[i] = i * 0.5 - 1000.0;
  return out;
}

inline bench::Items* items(CORBA::ULong count) {
  bench::Items* out = new bench::Items;
  out->length(count);
  for (CORBA::ULong i = 0; i < count; i++) {
    bench::Item& item = (*out)[i];
    item.active = i % 3 == 0;
    item.grade = i % 7;
    item.aisle = CORBA::Short(i % 40) - 20;
    item.shelf = i % 250;
    item.id = 100000 + i;
    item.quantity = i * 37 % 5000;
    item.created = 1700000000000LL + i;
    item.serial = 0xfeed000000000000ULL + i;
    item.weight = i % 50 + 0.25f;
    item.price = i % 900 + 0.125;
  }
  return out;
}

inline bench::Records* records(CORBA::ULong count) {
  bench::Records* out = new bench::Records;
  out->length(count);
  char text[256];
  for (CORBA::ULong i = 0; i < count; i++) {
    bench::Record& record = (*out)[i];
    record.id = 100000 + i;
    std::snprintf(text, sizeof text, "Hex bolt M%u and washer, grade %u", unsigned(i % 30 + 2), unsigned(i % 7 + 4));
    record.name = CORBA::string_dup(text);
    std::snprintf(text, sizeof text, "HB-%06u-%04X", unsigned(i * 7919 % 1000000), unsigned(i));
    record.sku = CORBA::string_dup(text);
    std::snprintf(text, sizeof text,
                  "Zinc-plated steel, property class 8.8, threaded to the head; for loads of up to %u N.",
                  unsigned(1000 + i % 9000));
    record.description = CORBA::string_dup(text);
    record.active = i % 3 == 0;
    record.aisle = i % 40;
    record.quantity = CORBA::Long(i * 37 % 5000) - 100;
    record.created = 1700000000000LL + i;
    record.weight = i % 50 + 0.25;
    record.price = i % 900 + 0.125;
  }
  return out;
}
