/* Tests of core/merkle.h: the known roots of certificate transparency, and a recursive oracle. */
#include "core/merkle.h"

#include <string.h>

#include "core/source.h"
#include "core/source_impl.h"
#include "tests/unit/suites.h"

enum { LEAVES = 70 };

static fw_sha256 leaf(size_t i)
{
    char text[24];
    int n = snprintf(text, sizeof(text), "leaf %zu", i);
    return fw_merkle_leaf(fw_sv_of(text, (size_t)n));
}

/* MTH(D[from:to]) as RFC 6962 2.1 defines it. */
static fw_sha256 oracle(size_t from, size_t to)
{
    size_t k = 1;
    if (to - from == 1) {
        return leaf(from);
    }
    while (k * 2 < to - from) {
        k *= 2;
    }
    return fw_merkle_node(oracle(from, from + k), oracle(from + k, to));
}

static fw_sha256 tree_of(struct fw_merkle *tree, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fw_merkle_add(tree, leaf(i));
    }
    return fw_merkle_root(tree);
}

START_TEST(known_roots)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *root; /* of the leaves so far */
    } rows[] = {
        {"", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"\0", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8,
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
    };
    struct fw_merkle none = {0};
    ck_assert(fw_sha256_eq(fw_merkle_root(&none), fw_sha256_of(FW_SV(""))));
    for (size_t n = 1; n <= sizeof(rows) / sizeof(rows[0]); n++) {
        struct fw_merkle tree = {0};
        char hex[FW_SHA256_HEX + 1];
        for (size_t i = 0; i < n; i++) {
            fw_merkle_add(&tree, fw_merkle_leaf(fw_sv_of(rows[i].bytes, rows[i].n)));
        }
        fw_sha256_hex(fw_merkle_root(&tree), hex);
        ck_assert_str_eq(hex, rows[n - 1].root);
    }
}
END_TEST

START_TEST(every_path_leads_to_the_root)
{
    for (size_t n = 1; n <= LEAVES; n++) {
        fw_sha256 root = oracle(0, n), got;
        for (size_t i = 0; i < n; i++) {
            struct fw_merkle tree = {.tracking = true, .track = i};
            ck_assert(fw_sha256_eq(tree_of(&tree, n), root));
            ck_assert(fw_merkle_climb(leaf(i), i, n, tree.path, tree.npath, &got));
            ck_assert(fw_sha256_eq(got, root));
        }
    }
}
END_TEST

static bool proves(fw_sha256 from, size_t i, size_t n, const struct fw_merkle *tree, size_t npath,
                   fw_sha256 root)
{
    fw_sha256 got;
    return fw_merkle_climb(from, i, n, tree->path, npath, &got) && fw_sha256_eq(got, root);
}

/* Another leaf, place, path or length proves nothing. A smaller or larger count may lead to the
 * same root: that is why an index names the count too. */
START_TEST(wrong_paths_prove_nothing)
{
    for (size_t n = 2; n <= 33; n++) {
        fw_sha256 root = oracle(0, n);
        for (size_t i = 0; i < n; i++) {
            struct fw_merkle tree = {.tracking = true, .track = i};
            (void)tree_of(&tree, n);
            for (size_t other = 0; other < n; other++) {
                if (other != i) {
                    ck_assert(!proves(leaf(other), i, n, &tree, tree.npath, root));
                    ck_assert(!proves(leaf(i), other, n, &tree, tree.npath, root));
                }
            }
            ck_assert(!proves(leaf(i), i, n, &tree, tree.npath - 1, root));
            ck_assert(!proves(leaf(i), n, n, &tree, tree.npath, root));
            ck_assert(!proves(leaf(i), i, 0, &tree, tree.npath, root));
            for (size_t p = 0; p < tree.npath; p++) {
                tree.path[p].b[p % 32] ^= 1;
                ck_assert(!proves(leaf(i), i, n, &tree, tree.npath, root));
                tree.path[p].b[p % 32] ^= 1;
            }
            ck_assert(!proves(leaf(i), i, n, &tree, tree.npath + 1, root));
        }
    }
}
END_TEST

/* Lines with every line end, and longer than the limit, at every block boundary. */
START_TEST(lines_of_a_source)
{
    static const char text[] = "one\ntwo\r\n\n\r\na line that is longer than the limit\nthree\r\r\n"
                               "another line that is longer than the limit\r\nlast";
    fw_sv all = fw_sv_of(text, sizeof(text) - 1);
    for (size_t cut = 0; cut < 5; cut++) { /* the last line: whole, shorter, gone */
        fw_sv part = fw_sv_sub(all, 0, all.n - cut);
        struct fw_merkle want = {0};
        for (fw_sv rest = part; rest.n > 0;) {
            size_t end = fw_sv_find_char(rest, '\n');
            size_t n = end == SIZE_MAX ? rest.n : end + 1;
            fw_merkle_add(&want, fw_merkle_leaf(fw_sv_sub(rest, 0, n)));
            rest = fw_sv_sub(rest, n, rest.n);
        }
        fw_sha256 root = fw_merkle_root(&want);
        for (size_t block = 1; block < 40; block++) {
            struct fw_merkle tree = {0};
            struct fw_source *source;
            struct fw_source_info info;
            ck_assert_int_eq(fw_source_open_memory(part, &source), FW_OK);
            fw_source_set_block(source, block, 8);
            fw_source_hash_lines(source, &tree);
            ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
            fw_source_free(source);
            ck_assert_uint_eq(tree.n, info.lines);
            ck_assert(info.has_lines_root);
            ck_assert(fw_sha256_eq(info.lines_root, root));
        }
    }
}
END_TEST

Suite *fw_suite_merkle(void)
{
    Suite *suite = suite_create("merkle");
    TCase *tc = tcase_create("merkle");
    tcase_add_test(tc, known_roots);
    tcase_add_test(tc, every_path_leads_to_the_root);
    tcase_add_test(tc, wrong_paths_prove_nothing);
    tcase_add_test(tc, lines_of_a_source);
    suite_add_tcase(suite, tc);
    return suite;
}
