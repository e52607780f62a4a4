/*
 * Numbers, texts and addresses as bytes: variable-length numbers (seven bits a byte), signed ones
 * folded so that small ones stay short, times as differences. Bytes that are read are not trusted.
 */
#ifndef FW_ANALYZERS_SUMMARY_BYTES_H
#define FW_ANALYZERS_SUMMARY_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/ip.h"
#include "core/sv.h"

/* Reading: once something is wrong everything is zero, and the caller asks once at the end. */
struct fw_bytes_reader {
    fw_sv s;
    bool bad;
    struct fw_arena *arena;
};

void fw_bytes_put_u64(struct fw_buf *out, uint64_t value);
void fw_bytes_put_i64(struct fw_buf *out, int64_t value);
void fw_bytes_put_from(struct fw_buf *out, int64_t value, int64_t base);
void fw_bytes_put_text(struct fw_buf *out, fw_sv text);
void fw_bytes_put_ip(struct fw_buf *out, fw_ip ip);
uint64_t fw_bytes_get_u64(struct fw_bytes_reader *r);
int64_t fw_bytes_get_i64(struct fw_bytes_reader *r);
int64_t fw_bytes_get_from(struct fw_bytes_reader *r, int64_t base);
size_t fw_bytes_get_count(struct fw_bytes_reader *r, uint64_t limit);
fw_sv fw_bytes_get_text(struct fw_bytes_reader *r, uint64_t limit);
fw_ip fw_bytes_get_ip(struct fw_bytes_reader *r);

#endif
