/* C parsers on a document in memory: `parse libxml2|expat FILE MS` prints the best time of one parse, and of
 * one write where the parser has a tree to write (0 where it has none), in nanoseconds. */
#include <expat.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void fail(const char *why) {
  fprintf(stderr, "parse: %s\n", why);
  exit(1);
}

static char *file(const char *path, size_t *size) {
  FILE *in = fopen(path, "rb");
  if (!in) fail("there is no such file");
  char *text = malloc(1 << 26);
  *size = fread(text, 1, 1 << 26, in);
  fclose(in);
  return text;
}

/* Both look at every event, so that none is left out. */
static void start(void *count, const XML_Char *name, const XML_Char **attributes) {
  (void)name, (void)attributes;
  ++*(unsigned long *)count;
}

static void end(void *count, const XML_Char *name) {
  (void)name;
  ++*(unsigned long *)count;
}

static void text_of(void *count, const XML_Char *text, int size) {
  (void)text;
  *(unsigned long *)count += size;
}

int main(int argc, char **argv) {
  if (argc != 4) fail("it wants libxml2 or expat, a file, and milliseconds");
  size_t size;
  char *text = file(argv[2], &size);
  unsigned long long best_parse = ~0ULL, best_write = ~0ULL, until = now() + atoi(argv[3]) * 1000000ULL;
  int libxml2 = !strcmp(argv[1], "libxml2");
  while (now() < until) {
    unsigned long long begin = now(), took;
    if (libxml2) {
      xmlDocPtr document = xmlReadMemory(text, size, NULL, NULL, XML_PARSE_NONET);
      if (!document) fail("libxml2 does not read it");
      took = now() - begin;
      if (took < best_parse) best_parse = took;
      xmlChar *written;
      int length;
      begin = now();
      xmlDocDumpMemory(document, &written, &length);
      took = now() - begin;
      if (took < best_write) best_write = took;
      xmlFree(written);
      xmlFreeDoc(document);
    } else {
      unsigned long count = 0;
      XML_Parser parser = XML_ParserCreateNS(NULL, ' ');
      XML_SetUserData(parser, &count);
      XML_SetElementHandler(parser, start, end);
      XML_SetCharacterDataHandler(parser, text_of);
      if (XML_Parse(parser, text, size, 1) != XML_STATUS_OK || !count) fail("expat does not read it");
      XML_ParserFree(parser);
      took = now() - begin;
      if (took < best_parse) best_parse = took;
    }
  }
  printf("%llu %llu\n", best_parse, libxml2 ? best_write : 0);
  return 0;
}
