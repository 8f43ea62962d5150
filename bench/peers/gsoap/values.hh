// The values that bench/src/soap/cases.rs makes too.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "soapH.h"

inline ns1__ItemType* item(struct soap* soap, unsigned i) {
  ns1__ItemType* made = soap_new_ns1__ItemType(soap);
  char text[200];
  made->active = i % 3 == 0;
  made->id = 100000 + int(i);
  made->quantity = int(i * 37 % 5000) - 100;
  made->serial = 0x0fed000000000000 + LONG64(i);
  made->created = 1706790896 + i;
  made->weight = i % 50 + 0.25;
  made->price = i % 900 + 0.125;
  made->ratio = i / 8.0;
  std::snprintf(text, sizeof text, "Hex bolt M%u & washer, grade %u", i % 30 + 2, i % 7 + 4);
  made->name = text;
  std::snprintf(text, sizeof text, "HB-%06u-%04X", i * 7919 % 1000000, i);
  made->sku = text;
  std::snprintf(text, sizeof text, "A%u", i % 40);
  made->aisle = text;
  std::snprintf(text, sizeof text, "Zinc-plated steel for up to %u N at 20 \xc2\xb0""C; tolerance < %u \xc2\xb5m, in boxes of %u.",
                1000 + i % 9000, i % 90 + 10, i % 20 * 10 + 50);
  made->description = text;
  return made;
}

inline bool same(const ns1__ItemType* a, const ns1__ItemType* b) {
  return a->active == b->active && a->id == b->id && a->quantity == b->quantity && a->serial == b->serial &&
         a->created == b->created && a->weight == b->weight && a->price == b->price && a->ratio == b->ratio &&
         a->name == b->name && a->sku == b->sku && a->aisle == b->aisle && a->description == b->description;
}

// xorshift, as in cases.rs
inline std::string octets(std::size_t count) {
  std::string out;
  unsigned long long state = 0x9e3779b97f4a7c15ULL;
  while (out.size() < count) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    out.push_back(char(state));
  }
  return out;
}
