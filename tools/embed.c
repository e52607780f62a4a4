/* Answers at build time: which bytes of data files does the program carry? Writes a C file with one
 * array a file and a table of them, sorted by name.
 *
 * embed OUT.c SYMBOL FOLDER FILE...   (each FILE is relative to FOLDER)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

/* The bytes as numbers: a literal would be limited to 4095 characters by the standard. */
static int write_bytes(FILE *out, const char *path, size_t index, size_t *ret)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "embed: cannot open %s\n", path);
        return 1;
    }
    fprintf(out, "static const unsigned char file%zu[] = {", index);
    size_t n = 0;
    for (int c = getc(in); c != EOF; c = getc(in)) {
        fprintf(out, "%s%d,", n % 24 == 0 ? "\n" : "", c);
        n++;
    }
    fprintf(out, "\n0};\n");
    int failed = ferror(in);
    fclose(in);
    *ret = n;
    return failed;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: embed OUT.c SYMBOL FOLDER FILE...\n");
        return 2;
    }
    char **names = argv + 4;
    size_t count = (size_t)argc - 4;
    qsort(names, count, sizeof(*names), by_name);
    size_t *sizes = calloc(count, sizeof(*sizes));
    FILE *out = fopen(argv[1], "wb");
    if (!sizes || !out) {
        fprintf(stderr, "embed: cannot write %s\n", argv[1]);
        return 1;
    }
    fprintf(out, "#include \"core/embed.h\"\n\n");
    for (size_t i = 0; i < count; i++) {
        char path[4096];
        int n = snprintf(path, sizeof(path), "%s/%s", argv[3], names[i]);
        if (n < 0 || (size_t)n >= sizeof(path) || write_bytes(out, path, i, &sizes[i])) {
            return 1;
        }
    }
    fprintf(out, "\nconst struct fw_embedded %s[] = {\n", argv[2]);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "    {\"%s\", file%zu, %zu},\n", names[i], i, sizes[i]);
    }
    fprintf(out, "    {0, 0, 0},\n};\n");
    free(sizes);
    return fclose(out) == 0 ? 0 : 1;
}
