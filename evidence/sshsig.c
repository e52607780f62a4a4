/* How are SSH signatures made, checked and spelled? */
#include "evidence/sshsig.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/sha256.h"
#include "core/text.h"
#include "evidence/layout.h"
#include "evidence/spawn.h"

#define ARMOUR_BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define ARMOUR_END "-----END SSH SIGNATURE-----\n"

enum {
    ARMOUR_COLUMNS = 70,
    SIGNATURE_BYTES = 1 << 16, /* RSA with 16384 bits takes 6 kB */
    PATH_BYTES = 4096,
    MESSAGE_BYTES = 300,
};

bool fw_ssh_decode(fw_sv text, struct fw_arena *arena, fw_sv *ret)
{
    if (text.n == 0 || text.n % 4 != 0 || text.n > SIGNATURE_BYTES) {
        return false;
    }
    unsigned char *bytes = fw_arena_alloc(arena, text.n);
    int n = EVP_DecodeBlock(bytes, (const unsigned char *)text.p, (int)text.n);
    size_t padding = text.p[text.n - 1] != '=' ? 0 : text.p[text.n - 2] != '=' ? 1 : 2;
    if (n < 0 || (size_t)n <= padding) {
        return false;
    }
    *ret = fw_sv_of((const char *)bytes, (size_t)n - padding);
    return true;
}

static fw_sv encode(fw_sv bytes, struct fw_arena *arena)
{
    unsigned char *text = fw_arena_alloc(arena, (bytes.n + 2) / 3 * 4 + 1);
    int n = EVP_EncodeBlock(text, (const unsigned char *)bytes.p, (int)bytes.n);
    return fw_sv_of((const char *)text, (size_t)n);
}

bool fw_ssh_take(fw_sv *rest, fw_sv *ret)
{
    if (rest->n < 4) {
        return false;
    }
    const unsigned char *p = (const unsigned char *)rest->p;
    uint32_t n = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    if (n > rest->n - 4) {
        return false;
    }
    *ret = fw_sv_of(rest->p + 4, n);
    *rest = fw_sv_of(rest->p + 4 + n, rest->n - 4 - n);
    return true;
}

static fw_sv armour(fw_sv base64, struct fw_arena *arena)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_buf_add_cstr(&buf, ARMOUR_BEGIN);
    for (size_t at = 0; at < base64.n; at += ARMOUR_COLUMNS) {
        fw_buf_add(&buf, fw_sv_sub(base64, at, ARMOUR_COLUMNS));
        fw_buf_add_char(&buf, '\n');
    }
    fw_buf_add_cstr(&buf, ARMOUR_END);
    fw_sv text = fw_buf_ok(&buf) ? fw_arena_copy(arena, fw_buf_sv(&buf)) : FW_SV("");
    fw_buf_clear(&buf);
    return text;
}

bool fw_sshsig_parse(fw_sv text, struct fw_arena *arena, struct fw_sshsig *ret)
{
    if (text.n > SIGNATURE_BYTES || !fw_sv_starts(text, ARMOUR_BEGIN) ||
        !fw_sv_ends(text, ARMOUR_END) ||
        text.n < sizeof(ARMOUR_BEGIN) - 1 + sizeof(ARMOUR_END) - 1) {
        return false;
    }
    char *base64 = fw_arena_alloc(arena, text.n);
    size_t n = 0;
    for (size_t i = sizeof(ARMOUR_BEGIN) - 1; i < text.n - (sizeof(ARMOUR_END) - 1); i++) {
        if (text.p[i] != '\n') {
            base64[n++] = text.p[i];
        }
    }
    fw_sv blob;
    if (!fw_ssh_decode(fw_sv_of(base64, n), arena, &blob) ||
        !fw_sv_eq(text, armour(encode(blob, arena), arena))) {
        return false;
    }
    /* "SSHSIG", version 1, key, namespace, reserved (empty), hash, signature. */
    static const char start[] = "SSHSIG\0\0\0\1";
    fw_sv rest = blob, key, reserved, hash, signature;
    if (rest.n < sizeof(start) - 1 || memcmp(rest.p, start, sizeof(start) - 1) != 0) {
        return false;
    }
    rest = fw_sv_sub(rest, sizeof(start) - 1, rest.n);
    struct fw_sshsig sig;
    if (!fw_ssh_take(&rest, &key) || !fw_ssh_take(&rest, &sig.namespace_) ||
        !fw_ssh_take(&rest, &reserved) || !fw_ssh_take(&rest, &hash) ||
        !fw_ssh_take(&rest, &signature) || rest.n != 0 || reserved.n != 0) {
        return false;
    }
    fw_sv inner = key;
    if (!fw_ssh_take(&inner, &sig.key_type) || !fw_text_printable(sig.key_type)) {
        return false;
    }
    sig.key = encode(key, arena);
    *ret = sig;
    return true;
}

bool fw_sshsig_fingerprint(fw_sv key, struct fw_arena *arena, fw_sv *ret)
{
    fw_sv blob;
    if (!fw_ssh_decode(key, arena, &blob)) {
        return false;
    }
    fw_sha256 hash = fw_sha256_of(blob);
    fw_sv text = encode(fw_sv_of((const char *)hash.b, sizeof(hash.b)), arena);
    *ret = fw_arena_printf(arena, "SHA256:%.*s", FW_SV_ARG(fw_sv_sub(text, 0, 43)));
    return true;
}

bool fw_verify_time_valid(fw_sv text)
{
    uint32_t part[6]; /* year to second */
    static const uint8_t width[6] = {4, 2, 2, 2, 2, 2};
    if (text.n != 15 || text.p[14] != 'Z') {
        return false;
    }
    for (size_t i = 0, at = 0; i < 6; at += width[i], i++) {
        if (!fw_sv_u32(fw_sv_sub(text, at, width[i]), 9999, &part[i])) {
            return false;
        }
    }
    return part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= 31 && part[3] < 24 &&
           part[4] < 60 && part[5] < 60;
}

/* What a program said, on one line, safe to show. */
static void quote(struct fw_buf *why, struct fw_buf *said)
{
    fw_sv text = fw_sv_trim(fw_buf_sv(said));
    struct fw_buf line;
    fw_buf_init(&line);
    for (size_t i = 0; i < text.n && i < MESSAGE_BYTES; i++) {
        fw_buf_add_char(&line, text.p[i] == '\n' || text.p[i] == '\r' ? ' ' : text.p[i]);
    }
    fw_text_safe(why, fw_buf_sv(&line));
    fw_buf_clear(&line);
}

static enum fw_err run(const struct fw_ssh *ssh, const char *const *argv, bool talk, fw_sv input,
                       struct fw_buf *output, struct fw_buf *why)
{
    char agent[PATH_BYTES] = "SSH_AUTH_SOCK=";
    /* TZ: a date without Z in a trust line means UTC, on every machine. */
    const char *envp[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC0",
                          "HOME=/nonexistent",  NULL,       NULL};
    struct fw_spawn spawn = {argv, envp, input, talk && ssh && ssh->terminal};
    struct fw_buf said;
    int status = 0;
    if (talk && ssh && ssh->agent && strlen(ssh->agent) < sizeof(agent) - 16) {
        (void)snprintf(agent, sizeof(agent), "SSH_AUTH_SOCK=%s", ssh->agent);
        envp[4] = agent;
    }
    fw_buf_init(&said);
    enum fw_err err = fw_spawn_run(&spawn, output, &said, &status);
    if (err != FW_OK) {
        fw_buf_printf(why, "%s cannot be run", argv[0]);
    } else if (status != 0) {
        fw_buf_add_cstr(why, "ssh-keygen: ");
        quote(why, &said);
        err = FW_ERR_INVALID;
    }
    fw_buf_clear(&said);
    return err;
}

static const char *find_tool(char *buffer, size_t size, struct fw_buf *why)
{
    const char *tool = fw_spawn_find("ssh-keygen", buffer, size);
    if (!tool) {
        fw_buf_add_cstr(why, "ssh-keygen is not installed (Debian package openssh-client)");
    }
    return tool;
}

enum fw_err fw_sshsig_sign(const struct fw_ssh *ssh, const char *key_path, const char *namespace_,
                           fw_sv data, struct fw_buf *ret, struct fw_buf *why)
{
    char tool[PATH_BYTES], key[PATH_BYTES];
    /* "./": a key file's name must never be read as an option. */
    int n = snprintf(key, sizeof(key), "%s%s", key_path[0] == '/' ? "" : "./", key_path);
    if (n < 0 || (size_t)n >= sizeof(key)) {
        fw_buf_add_cstr(why, "the key's path is too long");
        return FW_ERR_LIMIT;
    }
    if (!find_tool(tool, sizeof(tool), why)) {
        return FW_ERR_TOOL;
    }
    const char *const argv[] = {tool, "-Y", "sign", "-f", key, "-n", namespace_, NULL};
    enum fw_err err = run(ssh, argv, true, data, ret, why);
    return err == FW_ERR_INVALID ? FW_ERR_TOOL : err;
}

/* Two files in a folder of their own that nobody else can enter. */
struct scratch {
    char dir[PATH_BYTES], allowed[PATH_BYTES], signature[PATH_BYTES];
};

static enum fw_err scratch_init(struct scratch *scratch, const struct fw_ssh *ssh)
{
    const char *tmp = ssh && ssh->tmp && ssh->tmp[0] == '/' ? ssh->tmp : "/tmp";
    int n = snprintf(scratch->dir, sizeof(scratch->dir), "%s/fwproof-XXXXXX", tmp);
    if (n < 0 || (size_t)n >= sizeof(scratch->dir) - 16) {
        return FW_ERR_LIMIT;
    }
    if (!mkdtemp(scratch->dir)) {
        return fw_err_from_errno(errno);
    }
    memcpy(scratch->allowed, scratch->dir, (size_t)n);
    memcpy(scratch->allowed + n, "/allowed", sizeof("/allowed"));
    memcpy(scratch->signature, scratch->dir, (size_t)n);
    memcpy(scratch->signature + n, "/signature", sizeof("/signature"));
    return FW_OK;
}

static enum fw_err write_plain(const char *path, fw_sv bytes)
{
    FILE *file = fopen(path, "wbx");
    if (!file) {
        return fw_err_from_errno(errno);
    }
    bool written = fwrite(bytes.p, 1, bytes.n, file) == bytes.n;
    return fclose(file) == 0 && written ? FW_OK : FW_ERR_NOSPACE;
}

enum fw_err fw_sshsig_verify(const struct fw_ssh *ssh, fw_sv allowed, fw_sv principal,
                             const char *namespace_, const char *verify_time, fw_sv signature,
                             fw_sv data, struct fw_buf *why)
{
    char tool[PATH_BYTES], who[256], option[64];
    struct scratch scratch;
    if (principal.n >= sizeof(who)) {
        fw_buf_add_cstr(why, "the principal is too long");
        return FW_ERR_LIMIT;
    }
    memcpy(who, principal.p, principal.n);
    who[principal.n] = '\0';
    if (!find_tool(tool, sizeof(tool), why)) {
        return FW_ERR_TOOL;
    }
    enum fw_err err = scratch_init(&scratch, ssh);
    if (err != FW_OK) {
        fw_buf_printf(why, "no temporary folder: %s", fw_err_text(err));
        return err;
    }
    err = write_plain(scratch.allowed, allowed);
    if (err == FW_OK) {
        err = write_plain(scratch.signature, signature);
    }
    if (err == FW_OK) {
        const char *argv[] = {tool, "-Y", "verify",   "-f", scratch.allowed,   "-I",
                              who,  "-n", namespace_, "-s", scratch.signature, NULL,
                              NULL, NULL};
        if (verify_time) {
            /* Without the Z, which OpenSSH before 9.1 does not know; TZ says the same. */
            (void)snprintf(option, sizeof(option), "verify-time=%.14s", verify_time);
            argv[11] = "-O";
            argv[12] = option;
        }
        err = run(ssh, argv, false, data, NULL, why);
    } else {
        fw_buf_printf(why, "cannot write a temporary file: %s", fw_err_text(err));
    }
    (void)unlink(scratch.allowed);
    (void)unlink(scratch.signature);
    (void)rmdir(scratch.dir);
    return err;
}
