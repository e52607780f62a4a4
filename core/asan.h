/* FW_ASAN is defined where the address sanitizer is at work: gcc and clang tell in different ways.
 */
#ifndef FW_CORE_ASAN_H
#define FW_CORE_ASAN_H

#if defined(__SANITIZE_ADDRESS__)
#define FW_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FW_ASAN 1
#endif
#endif

#endif
