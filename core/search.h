/* Where in a sorted list does something stand? */
#ifndef FW_CORE_SEARCH_H
#define FW_CORE_SEARCH_H

#include <stddef.h>

/* Sets `at` to the first of n places where `before` does not hold, n when it holds of all. `before`
 * is an expression in `at` that holds of a first part of the list and not of the rest. */
#define FW_SEARCH(at, n, before) \
    do { \
        size_t fw_search_low = 0; \
        size_t fw_search_high = (n); \
        while (fw_search_low < fw_search_high) { \
            size_t fw_search_half = (fw_search_high - fw_search_low) / 2; \
            (at) = fw_search_low + fw_search_half; \
            if (before) { \
                fw_search_low = (at) + 1; \
            } else { \
                fw_search_high = (at); \
            } \
        } \
        (at) = fw_search_low; \
    } while (0)

#endif
