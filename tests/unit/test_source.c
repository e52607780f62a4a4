/* Sources: lines, offsets, hashes and damage, at every block boundary. */
#include "core/source.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "core/buf.h"
#include "core/limits.h"
#include "core/source_impl.h"
#include "core/unpack.h"
#include "tests/unit/suites.h"

#define BLOCKS 40

/* Appends one gzip member that holds text. */
static void member(struct fw_buf *out, fw_sv text, int level, uint32_t mtime)
{
    size_t cap = text.n + text.n / 8 + 256;
    unsigned char *packed = malloc(cap);
    z_stream z = {0};
    gz_header header = {.time = mtime, .os = 3, .name = (Bytef *)(uintptr_t) "fw.log"};
    ck_assert_int_eq(deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    ck_assert_int_eq(deflateSetHeader(&z, &header), Z_OK);
    z.next_in = (z_const Bytef *)text.p;
    z.avail_in = (uInt)text.n;
    z.next_out = packed;
    z.avail_out = (uInt)cap;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    fw_buf_add(out, fw_sv_of((const char *)packed, cap - z.avail_out));
    deflateEnd(&z);
    free(packed);
}

/* Reads with a block size and writes what came as "number@offset:text|", cut lines with a "+". */
static void read_lines(fw_sv bytes, size_t block, size_t limit, struct fw_buf *out,
                       struct fw_source_info *ret)
{
    struct fw_source *source;
    struct fw_line line;
    ck_assert_int_eq(fw_source_open_memory(bytes, &source), FW_OK);
    fw_source_set_block(source, block, limit);
    fw_buf_reset(out);
    while (fw_source_line(source, &line)) {
        fw_buf_printf(out, "%d@%d:", (int)line.number, (int)line.offset);
        fw_buf_add(out, line.text);
        fw_buf_add_cstr(out, line.cut ? "+|" : "|");
    }
    ck_assert_int_eq(fw_source_finish(source, ret), FW_OK);
    fw_source_free(source);
}

static void expect(fw_sv bytes, size_t limit, const char *lines, uint64_t count, uint64_t cut)
{
    struct fw_buf out;
    struct fw_source_info info;
    fw_buf_init(&out);
    for (size_t block = 1; block < BLOCKS; block++) {
        read_lines(bytes, block, limit, &out, &info);
        ck_assert_msg(fw_sv_is(fw_buf_sv(&out), lines), "block %zu: got %.*s, want %s", block,
                      FW_SV_ARG(fw_buf_sv(&out)), lines);
        ck_assert_uint_eq(info.lines, count);
        ck_assert_uint_eq(info.long_lines, cut);
        ck_assert_uint_eq(info.stored_bytes, bytes.n);
        ck_assert_uint_eq(info.decoded_bytes, bytes.n);
        ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(bytes)));
    }
    fw_buf_clear(&out);
}

START_TEST(lines_at_every_boundary)
{
    expect(FW_SV("one\ntwo\r\n\nfour"), 100, "1@0:one|2@4:two|3@9:|4@10:four|", 4, 0);
    expect(FW_SV(""), 100, "", 0, 0);
    expect(FW_SV("\n"), 100, "1@0:|", 1, 0);
    expect(FW_SV("\r\n\r\n"), 100, "1@0:|2@2:|", 2, 0);
    expect(FW_SV("a\rb\n"), 100, "1@0:a\rb|", 1, 0);
    expect(FW_SV("end\r"), 100, "1@0:end\r|", 1, 0);
    expect(FW_SV("\x1f"), 100, "1@0:\x1f|", 1, 0);
    expect(FW_SV("\x1f\x8b\x07zz\n"), 100, "1@0:\x1f\x8b\x07zz|", 1, 0);
}
END_TEST

START_TEST(long_lines_are_cut)
{
    expect(FW_SV("12345\n123456\n1234567890123\nx"), 5, "1@0:12345|2@6:12345+|3@13:12345+|4@27:x|",
           4, 2);
    expect(FW_SV("12345\r\n123456\r\nx\n"), 5, "1@0:12345|2@7:12345+|3@15:x|", 3, 1);
    expect(FW_SV("1234567890"), 5, "1@0:12345+|", 1, 1);
    expect(FW_SV("12345\r"), 5, "1@0:12345+|", 1, 1);
    expect(FW_SV("1234567890\n"), 5, "1@0:12345+|", 1, 1);
}
END_TEST

START_TEST(nul_bytes_are_data)
{
    struct fw_source *source;
    struct fw_line line;
    ck_assert_int_eq(fw_source_open_memory(FW_SV("a\0b\n\0\n"), &source), FW_OK);
    ck_assert(fw_source_line(source, &line));
    ck_assert(fw_sv_eq(line.text, FW_SV("a\0b")));
    ck_assert(fw_source_line(source, &line));
    ck_assert(fw_sv_eq(line.text, FW_SV("\0")));
    ck_assert(!fw_source_line(source, &line));
    ck_assert(!fw_source_line(source, &line));
    fw_source_free(source);
    fw_source_free(NULL);
}
END_TEST

/* The longest line that is whole, at the real limit and block size, and the first that is not. */
START_TEST(real_limit)
{
    size_t n = FW_LIMIT_LINE_BYTES;
    char *text = malloc(2 * n + 16);
    for (int over = 0; over < 2; over++) {
        size_t size = 0;
        for (int i = 0; i < 2; i++) {
            memset(text + size, 'x', n + (size_t)over);
            size += n + (size_t)over;
            text[size++] = '\r';
            text[size++] = '\n';
        }
        struct fw_source *source;
        struct fw_line line;
        ck_assert_int_eq(fw_source_open_memory(fw_sv_of(text, size), &source), FW_OK);
        for (uint64_t i = 1; i <= 2; i++) {
            ck_assert(fw_source_line(source, &line));
            ck_assert_uint_eq(line.text.n, n);
            ck_assert_uint_eq(line.cut, over);
            ck_assert_uint_eq(line.number, i);
        }
        struct fw_source_info info;
        ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
        ck_assert_uint_eq(info.long_lines, over ? 2 : 0);
        fw_source_free(source);
    }
    free(text);
}
END_TEST

START_TEST(peek_consumes_nothing)
{
    struct fw_buf packed;
    fw_buf_init(&packed);
    fw_sv text = FW_SV("first line\nsecond\nthird\n");
    member(&packed, text, 9, 0);
    for (int zipped = 0; zipped < 2; zipped++) {
        for (size_t block = 1; block < BLOCKS; block++) {
            struct fw_source *source;
            struct fw_line line;
            fw_sv bytes = zipped ? fw_buf_sv(&packed) : text;
            ck_assert_int_eq(fw_source_open_memory(bytes, &source), FW_OK);
            fw_source_set_block(source, block, 100);
            ck_assert_uint_eq(fw_source_peek(source, 0).n, 0);
            for (size_t n = 1; n <= text.n + 2; n++) {
                size_t want = n < text.n ? n : text.n;
                ck_assert(fw_sv_eq(fw_source_peek(source, n), fw_sv_sub(text, 0, want)));
            }
            ck_assert(fw_source_line(source, &line));
            ck_assert(fw_sv_is(line.text, "first line"));
            ck_assert(fw_sv_is(fw_source_peek(source, 6), "second"));
            ck_assert(fw_source_line(source, &line));
            ck_assert(fw_sv_is(line.text, "second"));
            ck_assert_uint_eq(line.offset, 11);
            struct fw_source_info info;
            ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
            ck_assert_uint_eq(info.lines, 3);
            ck_assert_uint_eq(info.decoded_bytes, text.n);
            ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(bytes)));
            fw_source_free(source);
        }
    }
    fw_buf_clear(&packed);
}
END_TEST

/* Reads gzip bytes at several block sizes; all must agree. */
static struct fw_source_info expect_gzip(fw_sv bytes, const char *lines,
                                         enum fw_integrity integrity, uint32_t members)
{
    static const size_t blocks[] = {1, 2, 3, 7, 64, 100000};
    struct fw_buf out;
    struct fw_source_info info;
    fw_buf_init(&out);
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        read_lines(bytes, blocks[i], 1000, &out, &info);
        ck_assert_msg(!lines || fw_sv_is(fw_buf_sv(&out), lines), "block %zu: got %.*s, want %s",
                      blocks[i], FW_SV_ARG(fw_buf_sv(&out)), lines);
        ck_assert_str_eq(fw_integrity_name(info.integrity), fw_integrity_name(integrity));
        ck_assert_int_eq(info.container, FW_CONTAINER_GZIP);
        ck_assert_uint_eq(info.members, members);
        ck_assert_uint_eq(info.stored_bytes, bytes.n);
        ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(bytes)));
    }
    fw_buf_clear(&out);
    return info;
}

START_TEST(members)
{
    struct fw_buf bytes;
    fw_buf_init(&bytes);
    member(&bytes, FW_SV("one\ntw"), 9, 1234567890);
    struct fw_source_info info = expect_gzip(fw_buf_sv(&bytes), "1@0:one|2@4:tw|", FW_INTEGRITY_OK,
                                             1);
    ck_assert_uint_eq(info.gzip_mtime, 1234567890);
    member(&bytes, FW_SV("o\nthree\n"), 1, 99);
    member(&bytes, FW_SV(""), 9, 0);
    info = expect_gzip(fw_buf_sv(&bytes), "1@0:one|2@4:two|3@8:three|", FW_INTEGRITY_OK, 3);
    ck_assert_uint_eq(info.gzip_mtime, 1234567890);
    ck_assert_uint_eq(info.decoded_bytes, 14);
    fw_buf_add(&bytes, FW_SV("\0\0\0\0\0"));
    expect_gzip(fw_buf_sv(&bytes), "1@0:one|2@4:two|3@8:three|", FW_INTEGRITY_OK, 3);
    member(&bytes, FW_SV("four"), 9, 0); /* a tape's padding between members */
    expect_gzip(fw_buf_sv(&bytes), "1@0:one|2@4:two|3@8:three|4@14:four|", FW_INTEGRITY_OK, 4);
    fw_buf_clear(&bytes);
}
END_TEST

START_TEST(gzip_trailing)
{
    static const struct {
        const char *bytes;
        size_t n;
        enum fw_integrity integrity;
        uint32_t members;
    } rows[] = {
        {"x", 1, FW_INTEGRITY_TRAILING, 1},
        {"\0\0x", 3, FW_INTEGRITY_TRAILING, 1},
        {"\x1fx", 2, FW_INTEGRITY_TRAILING, 1},
        {"\x1f\x1f\x8b", 3, FW_INTEGRITY_TRAILING, 1},
        {"\x1f", 1, FW_INTEGRITY_TRUNCATED, 1},     /* begins like a member */
        {"\x1f\x8b", 2, FW_INTEGRITY_TRUNCATED, 2}, /* a header that ends early */
        {"\x1f\x8b\x08", 3, FW_INTEGRITY_TRUNCATED, 2},
        {"\x1f\x8b\x07zzzzz", 8, FW_INTEGRITY_CORRUPT, 2}, /* a member of no known method */
        {"plain text behind it\n", 21, FW_INTEGRITY_TRAILING, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fw_buf bytes;
        fw_buf_init(&bytes);
        member(&bytes, FW_SV("one\n"), 9, 0);
        fw_buf_add(&bytes, fw_sv_of(rows[i].bytes, rows[i].n));
        expect_gzip(fw_buf_sv(&bytes), "1@0:one|", rows[i].integrity, rows[i].members);
        fw_buf_clear(&bytes);
    }
}
END_TEST

/* Cut at every byte: truncated, and what comes is a prefix of the text. */
START_TEST(gzip_truncated)
{
    struct fw_buf bytes;
    struct fw_buf text;
    fw_buf_init(&bytes);
    fw_buf_init(&text);
    for (int i = 0; i < 30; i++) {
        fw_buf_printf(&text, "line %d of the log\n", i * 7919);
    }
    member(&bytes, fw_buf_sv(&text), 9, 0);
    for (size_t n = 2; n < bytes.n; n++) {
        struct fw_source_info info = expect_gzip(fw_sv_of(bytes.p, n), NULL, FW_INTEGRITY_TRUNCATED,
                                                 1);
        ck_assert_uint_le(info.decoded_bytes, text.n);
        if (n >= bytes.n - 8) { /* only the checksum is missing */
            ck_assert_uint_eq(info.decoded_bytes, text.n);
        }
    }
    fw_buf_clear(&text);
    fw_buf_clear(&bytes);
}
END_TEST

START_TEST(gzip_corrupt)
{
    struct fw_buf bytes;
    fw_buf_init(&bytes);
    member(&bytes, FW_SV("one\ntwo\n"), 9, 0);
    size_t n = bytes.n;
    member(&bytes, FW_SV("three\n"), 9, 0);
    bytes.p[n - 8] ^= 1; /* checksum of the first */
    expect_gzip(fw_buf_sv(&bytes), "1@0:one|2@4:two|", FW_INTEGRITY_CORRUPT, 1);
    bytes.p[n - 8] ^= 1;
    bytes.p[n - 4] ^= 1; /* length of the first */
    expect_gzip(fw_buf_sv(&bytes), "1@0:one|2@4:two|", FW_INTEGRITY_CORRUPT, 1);
    bytes.p[n - 4] ^= 1;
    expect_gzip(fw_buf_sv(&bytes), "1@0:one|2@4:two|3@8:three|", FW_INTEGRITY_OK, 2);
    bytes.p[3] = (char)0xff; /* reserved header flags */
    expect_gzip(fw_buf_sv(&bytes), "", FW_INTEGRITY_CORRUPT, 1);
    fw_buf_clear(&bytes);
}
END_TEST

/* Any damage: read to the end, hashed whole, the same whatever the block. */
START_TEST(gzip_hostile)
{
    struct fw_buf good;
    struct fw_buf bytes;
    struct fw_buf out;
    struct fw_buf again;
    fw_buf_init(&good);
    fw_buf_init(&bytes);
    fw_buf_init(&out);
    fw_buf_init(&again);
    for (int level = 0; level < 10; level += 9) {
        member(&good, FW_SV("one two three two three two one\nfour\nfive\n"), level, 7);
    }
    srand(17);
    for (int round = 0; round < 3000; round++) {
        fw_buf_reset(&bytes);
        fw_buf_add(&bytes, fw_buf_sv(&good));
        for (int i = rand() % 4; i >= 0; i--) {
            bytes.p[(size_t)rand() % bytes.n] = (char)rand();
        }
        fw_sv stored = fw_sv_of(bytes.p, rand() % 3 ? bytes.n : (size_t)rand() % bytes.n);
        struct fw_source_info info;
        struct fw_source_info small;
        read_lines(stored, 4096, 20, &out, &info);
        read_lines(stored, 1 + (size_t)rand() % 50, 20, &again, &small);
        if (!fw_sv_eq(fw_buf_sv(&out), fw_buf_sv(&again)) || info.integrity != small.integrity ||
            info.members != small.members || info.decoded_bytes != small.decoded_bytes) {
            ck_abort_msg("seed 17, round %d: blocks disagree", round);
        }
        if (!fw_sha256_eq(info.sha256, fw_sha256_of(stored)) || info.stored_bytes != stored.n) {
            ck_abort_msg("seed 17, round %d: not all was hashed", round);
        }
    }
    fw_buf_clear(&good);
    fw_buf_clear(&bytes);
    fw_buf_clear(&out);
    fw_buf_clear(&again);
}
END_TEST

/* The same text as xz, zstd or bzip2 writes it. */
static void pack(struct fw_buf *out, fw_sv text, int (*filter)(struct archive *))
{
    size_t cap = text.n + 4096;
    char *packed = malloc(cap);
    size_t used = 0;
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    ck_assert_int_eq(filter(archive), ARCHIVE_OK);
    ck_assert_int_eq(archive_write_set_format_raw(archive), ARCHIVE_OK);
    ck_assert_int_eq(archive_write_set_bytes_in_last_block(archive, 1), ARCHIVE_OK);
    ck_assert_int_eq(archive_write_open_memory(archive, packed, cap, &used), ARCHIVE_OK);
    archive_entry_set_filetype(entry, AE_IFREG);
    ck_assert_int_eq(archive_write_header(archive, entry), ARCHIVE_OK);
    ck_assert_int_eq(archive_write_data(archive, text.p, text.n), text.n);
    archive_entry_free(entry);
    ck_assert_int_eq(archive_write_free(archive), ARCHIVE_OK);
    fw_buf_add(out, fw_sv_of(packed, used));
    free(packed);
}

static const struct {
    enum fw_container container;
    int (*filter)(struct archive *);
} packers[] = {
    {FW_CONTAINER_XZ, archive_write_add_filter_xz},
    {FW_CONTAINER_ZSTD, archive_write_add_filter_zstd},
    {FW_CONTAINER_BZIP2, archive_write_add_filter_bzip2},
};
#define PACKERS (int)(sizeof(packers) / sizeof(packers[0]))

/* Whole, in two streams behind each other, and with garbage behind: at every block size. */
START_TEST(packed_lines)
{
    struct fw_buf bytes;
    struct fw_buf out;
    struct fw_source_info info;
    fw_buf_init(&bytes);
    fw_buf_init(&out);
    pack(&bytes, FW_SV("one\ntwo\n"), packers[_i].filter);
    pack(&bytes, FW_SV("three\nfour"), packers[_i].filter);
    for (size_t block = 1; block < BLOCKS; block++) {
        read_lines(fw_buf_sv(&bytes), block, 100, &out, &info);
        ck_assert_msg(fw_sv_is(fw_buf_sv(&out), "1@0:one|2@4:two|3@8:three|4@14:four|"),
                      "block %zu: got %.*s", block, FW_SV_ARG(fw_buf_sv(&out)));
        ck_assert_int_eq(info.integrity, FW_INTEGRITY_OK);
        ck_assert_int_eq(info.container, packers[_i].container);
        ck_assert_uint_eq(info.stored_bytes, bytes.n);
        ck_assert_uint_eq(info.decoded_bytes, 18);
        ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(fw_buf_sv(&bytes))));
    }
    fw_buf_add_cstr(&bytes, "no stream of any kind, and long enough for a header");
    read_lines(fw_buf_sv(&bytes), 4096, 100, &out, &info);
    ck_assert(fw_sv_is(fw_buf_sv(&out), "1@0:one|2@4:two|3@8:three|4@14:four|"));
    ck_assert_int_eq(info.integrity, FW_INTEGRITY_TRAILING);
    ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(fw_buf_sv(&bytes))));
    fw_buf_clear(&out);
    fw_buf_clear(&bytes);
}
END_TEST

/* An xz file whose header asks for a dictionary of 4 GiB is refused, not tried. */
START_TEST(xz_memory)
{
    struct fw_buf bytes;
    struct fw_buf out;
    struct fw_source_info info;
    fw_buf_init(&bytes);
    fw_buf_init(&out);
    pack(&bytes, FW_SV("one\ntwo\n"), archive_write_add_filter_xz);
    /* Behind 12 bytes of stream header: block header size, flags, filter 0x21, 1, dictionary. */
    unsigned char *header = (unsigned char *)bytes.p + 12;
    size_t size = 4 * ((size_t)header[0] + 1);
    ck_assert_int_eq(header[2], 0x21);
    header[4] = 40;
    uint32_t crc = (uint32_t)crc32(0, header, (uInt)(size - 4));
    for (size_t i = 0; i < 4; i++) {
        header[size - 4 + i] = (unsigned char)(crc >> (8 * i));
    }
    ck_assert_uint_lt(FW_LIMIT_UNPACK_BYTES, UINT32_MAX);
    read_lines(fw_buf_sv(&bytes), 4096, 100, &out, &info);
    ck_assert_int_eq(info.integrity, FW_INTEGRITY_CORRUPT);
    ck_assert_uint_eq(info.decoded_bytes, 0);
    fw_buf_clear(&out);
    fw_buf_clear(&bytes);
}
END_TEST

/* Cut at every byte: never whole. Any other damage: hashed to the end, and no more text than was
 * packed. */
START_TEST(packed_damaged)
{
    struct fw_buf bytes;
    struct fw_buf text;
    struct fw_buf out;
    struct fw_source_info info;
    fw_buf_init(&bytes);
    fw_buf_init(&text);
    fw_buf_init(&out);
    for (int i = 0; i < 30; i++) {
        fw_buf_printf(&text, "line %d of the log\n", i * 7919);
    }
    pack(&bytes, fw_buf_sv(&text), packers[_i].filter);
    for (size_t n = FW_UNPACK_MAGIC; n < bytes.n; n++) {
        read_lines(fw_sv_of(bytes.p, n), 64, 100, &out, &info);
        ck_assert_msg(info.integrity == FW_INTEGRITY_TRUNCATED, "%zu of %zu bytes", n, bytes.n);
        ck_assert_uint_le(info.decoded_bytes, text.n);
    }
    srand(17);
    for (int round = 0; round < 1000; round++) {
        size_t at = FW_UNPACK_MAGIC + (size_t)rand() % (bytes.n - FW_UNPACK_MAGIC);
        char was = bytes.p[at];
        bytes.p[at] = (char)rand();
        read_lines(fw_buf_sv(&bytes), 1 + (size_t)rand() % 50, 100, &out, &info);
        ck_assert_uint_le(info.decoded_bytes, 1 << 20);
        ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(fw_buf_sv(&bytes))));
        bytes.p[at] = was;
    }
    fw_buf_clear(&out);
    fw_buf_clear(&text);
    fw_buf_clear(&bytes);
}
END_TEST

static const char *temporary(fw_sv bytes)
{
    static char path[] = "/tmp/fwproof-test-source-XXXXXX";
    memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes.p, bytes.n), bytes.n);
    close(fd);
    return path;
}

START_TEST(files)
{
    struct fw_source *source;
    struct fw_source_info info;
    struct fw_line line;
    const char *path = temporary(FW_SV("a\nb\n"));
    ck_assert_int_eq(fw_source_open(path, &source), FW_OK);
    ck_assert(fw_source_line(source, &line));
    ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
    ck_assert(!info.changed);
    ck_assert_int_gt(info.mtime_ns, INT64_C(1500000000000000000));
    ck_assert_uint_eq(info.lines, 2);
    fw_source_free(source);
    unlink(path);
    ck_assert_int_eq(fw_source_open(path, &source), FW_ERR_NOENT);
    ck_assert_int_ne(fw_source_open("/tmp", &source), FW_OK);
}
END_TEST

/* The file grows, or shrinks, while its first lines are being read. */
START_TEST(files_that_change)
{
    for (int grow = 0; grow < 2; grow++) {
        struct fw_source *source;
        struct fw_source_info info;
        struct fw_line line;
        const char *path = temporary(FW_SV("aaaa\nbbbb\ncccc\ndddd\neeee\n"));
        ck_assert_int_eq(fw_source_open(path, &source), FW_OK);
        fw_source_set_block(source, 4, 100);
        ck_assert(fw_source_line(source, &line));
        ck_assert_int_eq(truncate(path, grow ? 30 : 19), 0);
        ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
        ck_assert(info.changed);
        ck_assert_uint_eq(info.stored_bytes, grow ? 30 : 19);
        fw_source_free(source);
        struct fw_diags *diags = fw_diags_new();
        fw_source_report(&info, FW_SV("x"), diags);
        ck_assert_uint_eq(fw_diags_count(diags), 1);
        ck_assert_int_eq(fw_diags_at(diags, 0)->id, FW_DIAG_ID_FILE_CHANGED);
        fw_diags_free(diags);
        unlink(path);
    }
}
END_TEST

/* Standard input, from the middle of a file, and as a pipe that gives little at a time. */
START_TEST(standard_input)
{
    struct fw_source *source;
    struct fw_source_info info;
    struct fw_line line;
    int saved = dup(STDIN_FILENO);
    const char *path = temporary(FW_SV("skip\nb\nc\n"));
    int fd = open(path, O_RDONLY);
    ck_assert_int_eq(lseek(fd, 5, SEEK_SET), 5);
    dup2(fd, STDIN_FILENO);
    close(fd);
    unlink(path);
    ck_assert_int_eq(fw_source_open("-", &source), FW_OK);
    ck_assert(fw_source_line(source, &line));
    ck_assert(fw_sv_is(line.text, "b"));
    ck_assert_uint_eq(line.offset, 0);
    ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
    ck_assert(!info.changed);
    ck_assert_int_eq(info.mtime_ns, 0);
    ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(FW_SV("b\nc\n"))));
    fw_source_free(source);

    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    pid_t child = fork();
    if (child == 0) {
        for (const char *at = "one\ntwo\n"; *at; at++) {
            if (write(ends[1], at, 1) != 1) {
                _exit(1);
            }
        }
        _exit(0);
    }
    close(ends[1]);
    ck_assert_int_eq(fw_source_open("-", &source), FW_OK);
    ck_assert(fw_source_line(source, &line));
    ck_assert(fw_sv_is(line.text, "one"));
    ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
    ck_assert_uint_eq(info.lines, 2);
    fw_source_free(source);
    waitpid(child, NULL, 0);
    dup2(saved, STDIN_FILENO);
    close(saved);
}
END_TEST

START_TEST(load)
{
    struct fw_arena arena;
    struct fw_source_info info;
    struct fw_buf bytes;
    struct fw_buf big;
    fw_sv text;
    fw_arena_init(&arena, 0);
    fw_buf_init(&bytes);
    fw_buf_init(&big);
    fw_buf_add_repeat(&big, "0123456789 abcdef\n", 100000);
    fw_buf_add_cstr(&big, "end");
    member(&bytes, fw_buf_sv(&big), 6, 5);
    const char *path = temporary(fw_buf_sv(&bytes));
    ck_assert_int_eq(fw_source_load(path, big.n, &arena, &text, &info), FW_OK);
    ck_assert(fw_sv_eq(text, fw_buf_sv(&big)));
    ck_assert_int_eq(text.p[text.n], '\0');
    ck_assert_uint_eq(info.lines, 100001);
    ck_assert_uint_eq(info.decoded_bytes, big.n);
    ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(fw_buf_sv(&bytes))));
    ck_assert_int_eq(fw_source_load(path, big.n - 1, &arena, &text, &info), FW_ERR_LIMIT);
    ck_assert_int_eq(fw_source_load(path, 0, &arena, &text, &info), FW_ERR_LIMIT);
    fw_arena_clear(&arena);
    fw_arena_init(&arena, 4096);
    ck_assert_int_eq(fw_source_load(path, big.n, &arena, &text, &info), FW_ERR_MEMORY);
    ck_assert_ptr_null(arena.guard);
    unlink(path);
    fw_arena_clear(&arena);
    fw_arena_init(&arena, 0);
    path = temporary(FW_SV(""));
    ck_assert_int_eq(fw_source_load(path, 0, &arena, &text, &info), FW_OK);
    ck_assert_uint_eq(text.n + info.lines, 0);
    unlink(path);
    fw_arena_clear(&arena);
    fw_buf_clear(&bytes);
    fw_buf_clear(&big);
}
END_TEST

START_TEST(report)
{
    static const struct {
        struct fw_source_info info;
        enum fw_diag_id id;
        const char *message;
    } rows[] = {
        {{.container = FW_CONTAINER_GZIP,
          .integrity = FW_INTEGRITY_TRUNCATED,
          .members = 2,
          .lines = 7},
         FW_DIAG_ID_ARCHIVE_TRUNCATED,
         "gzip data ends inside member 2; 7 lines could be read"},
        {{.container = FW_CONTAINER_GZIP,
          .integrity = FW_INTEGRITY_CORRUPT,
          .members = 1,
          .lines = 7},
         FW_DIAG_ID_ARCHIVE_CORRUPT,
         "gzip member 1 is damaged; 7 lines up to there could be read"},
        {{.container = FW_CONTAINER_GZIP, .integrity = FW_INTEGRITY_TRAILING, .members = 3},
         FW_DIAG_ID_ARCHIVE_TRAILING,
         "bytes that are no gzip member follow member 3"},
        {{.container = FW_CONTAINER_XZ,
          .integrity = FW_INTEGRITY_TRUNCATED,
          .members = 1,
          .lines = 7},
         FW_DIAG_ID_ARCHIVE_TRUNCATED,
         "xz data ends inside member 1; 7 lines could be read"},
        {{.long_lines = 2, .lines = 7},
         FW_DIAG_ID_LINE_TOO_LONG,
         "2 of 7 lines are longer than 1048576 bytes (LINE_BYTES); the rest of each was skipped"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fw_diags *diags = fw_diags_new();
        fw_source_report(&rows[i].info, FW_SV("f"), diags);
        ck_assert_uint_eq(fw_diags_count(diags), 1);
        ck_assert_int_eq(fw_diags_at(diags, 0)->id, rows[i].id);
        ck_assert_msg(fw_sv_is(fw_diags_at(diags, 0)->message, rows[i].message), "%.*s",
                      FW_SV_ARG(fw_diags_at(diags, 0)->message));
        fw_diags_free(diags);
    }
}
END_TEST

Suite *fw_suite_source(void)
{
    Suite *suite = suite_create("source");
    TCase *tc = tcase_create("source");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, lines_at_every_boundary);
    tcase_add_test(tc, long_lines_are_cut);
    tcase_add_test(tc, nul_bytes_are_data);
    tcase_add_test(tc, real_limit);
    tcase_add_test(tc, peek_consumes_nothing);
    tcase_add_test(tc, members);
    tcase_add_test(tc, gzip_trailing);
    tcase_add_test(tc, gzip_truncated);
    tcase_add_test(tc, xz_memory);
    tcase_add_loop_test(tc, packed_lines, 0, PACKERS);
    tcase_add_loop_test(tc, packed_damaged, 0, PACKERS);
    tcase_add_test(tc, gzip_corrupt);
    tcase_add_test(tc, gzip_hostile);
    tcase_add_test(tc, files);
    tcase_add_test(tc, files_that_change);
    tcase_add_test(tc, standard_input);
    tcase_add_test(tc, load);
    tcase_add_test(tc, report);
    suite_add_tcase(suite, tc);
    return suite;
}
