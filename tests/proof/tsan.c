/* What newer compilers call of ThreadSanitizer, and older libraries of it do not have: its memcpy, memmove, memset. */
#include <string.h>

void *__tsan_memcpy(void *to, const void *from, size_t length) { return memcpy(to, from, length); }
void *__tsan_memmove(void *to, const void *from, size_t length) { return memmove(to, from, length); }
void *__tsan_memset(void *to, int value, size_t length) { return memset(to, value, length); }
