/*
 * unified2 files and what an independent reader says of them, record by record and field by field:
 * one JSON object a line, {"type":"event"|"packet"|"extra-data", ...}. Fails on any difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "parsers/unified2.h"
#include "tests/corpus/corpus.h"
#include "tests/corpus/logs.h"

struct score {
    unsigned records, fields, wrong;
};

static void check(struct score *s, const struct corpus_file *file, const cJSON *object,
                  const char *key, uint64_t have)
{
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(object, key);
    s->fields++;
    if (cJSON_IsNull(want) && have == 0) {
        return; /* the layout does not have it */
    }
    if (!cJSON_IsNumber(want) || want->valuedouble != (double)have) {
        s->wrong++;
        printf("  %.*s: record %u: %s is not %llu\n", FW_SV_ARG(file->name), s->records, key,
               (unsigned long long)have);
    }
}

static void check_text(struct score *s, const struct corpus_file *file, const cJSON *object,
                       const char *key, fw_sv have)
{
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(object, key);
    s->fields++;
    if (!cJSON_IsString(want) || !fw_sv_is(have, want->valuestring)) {
        s->wrong++;
        printf("  %.*s: record %u: %s differs\n", FW_SV_ARG(file->name), s->records, key);
    }
}

static void check_ip(struct score *s, const struct corpus_file *file, const cJSON *object,
                     const char *key, fw_ip have)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_ip_text(&buf, have);
    check_text(s, file, object, key, fw_buf_sv(&buf));
    fw_buf_clear(&buf);
}

/* Bytes as base64. */
static void check_data(struct score *s, const struct corpus_file *file, const cJSON *object,
                       fw_sv have)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (size_t i = 0; i < have.n; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++) {
            bits = bits << 8 | (i + k < have.n ? (uint8_t)have.p[i + k] : 0);
        }
        for (size_t k = 0; k < 4; k++) {
            bool there = i + k <= have.n;
            fw_buf_printf(&buf, "%c", there ? digits[bits >> (18 - 6 * k) & 63] : '=');
        }
    }
    check_text(s, file, object, "data", fw_buf_sv(&buf));
    fw_buf_clear(&buf);
}

static void check_event(struct score *s, const struct corpus_file *file, const cJSON *o,
                        const struct fw_u2_record *r)
{
    const struct {
        const char *key;
        uint64_t have;
    } rows[] = {{"sensor-id", r->sensor},
                {"event-id", r->event},
                {"event-second", r->second},
                {"event-microsecond", r->microsecond},
                {"signature-id", r->sid},
                {"generator-id", r->gid},
                {"signature-revision", r->rev},
                {"classification-id", r->class},
                {"priority", r->priority},
                {"sport-itype", r->sport},
                {"dport-icode", r->dport},
                {"protocol", r->protocol},
                {"impact-flag", r->impact_flag},
                {"impact", r->impact},
                {"blocked", r->blocked},
                {"mpls-label", r->mpls},
                {"vlan-id", r->vlan},
                {"pad2", r->pad}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (cJSON_GetObjectItemCaseSensitive(o, rows[i].key)) {
            check(s, file, o, rows[i].key, rows[i].have);
        }
    }
    check_ip(s, file, o, "source-ip", r->src);
    check_ip(s, file, o, "destination-ip", r->dst);
}

static void check_record(struct score *s, const struct corpus_file *file, const cJSON *object,
                         const struct fw_u2_record *r)
{
    static const char *const kinds[] = {[FW_U2_OTHER] = "other",
                                        [FW_U2_EVENT] = "event",
                                        [FW_U2_PACKET] = "packet",
                                        [FW_U2_EXTRA] = "extra-data"};
    const cJSON *o = cJSON_GetObjectItemCaseSensitive(object, kinds[r->kind]);
    check_text(s, file, object, "type", fw_sv_from(kinds[r->kind]));
    if (r->kind == FW_U2_EVENT) {
        check_event(s, file, o, r);
        return;
    }
    check(s, file, o, "sensor-id", r->sensor);
    check(s, file, o, "event-id", r->event);
    check(s, file, o, "event-second", r->second);
    check_data(s, file, o, r->data);
    if (r->kind == FW_U2_PACKET) {
        check(s, file, o, "packet-second", r->packet_second);
        check(s, file, o, "packet-microsecond", r->microsecond);
        check(s, file, o, "linktype", r->link);
        check(s, file, o, "length", r->length);
    } else {
        check(s, file, o, "event-type", r->extra_kind);
        check(s, file, o, "event-length", r->extra_length);
        check(s, file, o, "type", r->extra_type);
        check(s, file, o, "data-type", r->extra_data_type);
        check(s, file, o, "data-length", r->extra_blob);
    }
}

static void check_file(struct score *s, struct fw_arena *arena, const struct corpus_file *file)
{
    fw_sv expected = corpus_read(arena,
                                 fw_arena_printf(arena, "%s.u2json-expected.json", file->path.p).p);
    fw_sv bytes = corpus_read(arena, file->path.p);
    fw_sv line;
    while (expected.p && fw_sv_split(&expected, '\n', &line)) {
        size_t length = bytes.n >= FW_U2_HEADER ? fw_u2_length(bytes) : 0;
        struct fw_u2_record record;
        s->records++;
        if (length == 0 || !fw_u2_read(fw_sv_sub(bytes, 0, length), &record)) {
            printf("  %.*s: record %u is not read\n", FW_SV_ARG(file->name), s->records);
            s->wrong++;
            return;
        }
        cJSON *object = cJSON_ParseWithLength(line.p, line.n);
        check_record(s, file, object, &record);
        cJSON_Delete(object);
        bytes = fw_sv_sub(bytes, length, SIZE_MAX);
    }
    if (expected.p && bytes.n > 0) {
        printf("  %.*s: %zu bytes are left\n", FW_SV_ARG(file->name), bytes.n);
        s->wrong++;
    }
}

int main(void)
{
    const char *root = corpus_root();
    struct fw_arena arena;
    struct corpus_files files;
    struct score s = {0};
    if (!root) {
        return CORPUS_SKIPPED;
    }
    fw_arena_init(&arena, UINT64_MAX);
    corpus_list(&arena, root, "ids/snort-unified2/", &files);
    for (size_t i = 0; i < files.n; i++) {
        if (files.v[i].input) {
            check_file(&s, &arena, &files.v[i]);
        }
    }
    fw_arena_clear(&arena);
    printf("unified2: %u records, %u fields, %u wrong\n", s.records, s.fields, s.wrong);
    return s.wrong == 0 && s.records > 1000 ? EXIT_SUCCESS : EXIT_FAILURE;
}
