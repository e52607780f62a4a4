/* How the engine's recursions get memory: blocks in a stack, one spare. */
#include "policy/scratch.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>

enum { BLOCK = 1 << 18, ALIGN = 8 };

struct fw_scratch_block {
    struct fw_scratch_block *before;
    size_t size, used;
    alignas(max_align_t) unsigned char data[];
};

void fw_scratch_init(struct fw_scratch *scratch, uint64_t limit)
{
    *scratch = (struct fw_scratch){.limit = limit};
}

static void drop(struct fw_scratch *scratch, struct fw_scratch_block *block)
{
    if (!scratch->spare && block->size == BLOCK) {
        scratch->spare = block;
        return;
    }
    scratch->bytes -= block->size;
    free(block);
}

void fw_scratch_clear(struct fw_scratch *scratch)
{
    while (scratch->head) {
        struct fw_scratch_block *block = scratch->head;
        scratch->head = block->before;
        free(block);
    }
    free(scratch->spare);
    scratch->spare = NULL;
    scratch->bytes = 0;
}

static struct fw_scratch_block *add_block(struct fw_scratch *scratch, size_t need)
{
    size_t size = need > BLOCK ? need : BLOCK;
    struct fw_scratch_block *block = NULL;
    if (size == BLOCK && scratch->spare) {
        block = scratch->spare;
        scratch->spare = NULL;
    } else if (size <= scratch->limit - scratch->bytes) {
        block = malloc(sizeof(*block) + size);
        scratch->bytes += block ? size : 0;
    }
    if (!block) {
        assert(scratch->guard);
        longjmp(scratch->guard->jump, 1);
    }
    block->size = size;
    block->used = 0;
    block->before = scratch->head;
    scratch->head = block;
    return block;
}

static size_t rounded(size_t size)
{
    return (size + ALIGN - 1) / ALIGN * ALIGN;
}

void *fw_scratch_alloc(struct fw_scratch *scratch, size_t size)
{
    size_t need = rounded(size);
    struct fw_scratch_block *block = scratch->head;
    if (!block || block->size - block->used < need) {
        block = add_block(scratch, need);
    }
    void *p = block->data + block->used;
    block->used += need;
    return p;
}

void fw_scratch_trim(struct fw_scratch *scratch, void *p, size_t size)
{
    struct fw_scratch_block *block = scratch->head;
    size_t from = (size_t)((unsigned char *)p - block->data);
    assert(from + rounded(size) <= block->used);
    block->used = from + rounded(size);
}

bool fw_scratch_owns(const struct fw_scratch *scratch, const void *p)
{
    uintptr_t at = (uintptr_t)p;
    for (const struct fw_scratch_block *block = scratch->head; block; block = block->before) {
        uintptr_t from = (uintptr_t)block->data;
        if (at >= from && at < from + block->size) {
            return true;
        }
    }
    return false;
}

struct fw_scratch_mark fw_scratch_mark(const struct fw_scratch *scratch)
{
    return (struct fw_scratch_mark){scratch->head, scratch->head ? scratch->head->used : 0};
}

void fw_scratch_release(struct fw_scratch *scratch, struct fw_scratch_mark mark)
{
    while (scratch->head != mark.block) {
        struct fw_scratch_block *block = scratch->head;
        scratch->head = block->before;
        drop(scratch, block);
    }
    if (scratch->head) {
        scratch->head->used = mark.used;
    }
}
