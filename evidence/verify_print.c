/* How does a verification read, for people and for machines? */
#include "evidence/verify.h"

#include <inttypes.h>

#include "core/text.h"

/* The widest name of a state. */
enum { STATE_WIDTH = 11 };

static const char *const sentences[FW_VERIFY_COUNT] = {
    [FW_VERIFY_VERIFIED] = "whole, and signed by a trusted reviewer and a trusted manager",
    [FW_VERIFY_CONSISTENT] = ("whole and signed, but by keys that only the pack vouches for: "
                              "verify with a list of your own (--trust)"),
    [FW_VERIFY_INCOMPLETE] = "whole, signed by the reviewer, not countersigned",
    [FW_VERIFY_UNSIGNED] = "whole, not signed",
    [FW_VERIFY_FAILED] = "do not rely on this pack",
};

void fw_verify_text(const struct fw_verify_report *report, struct fw_buf *out)
{
    fw_sv pack = {0};
    for (size_t i = 0; i < report->steps.n; i++) {
        const struct fw_step *step = &report->steps.v[i];
        if (!pack.p || !fw_sv_eq(pack, step->pack)) {
            pack = step->pack;
            fw_text_safe(out, pack);
            fw_buf_add_char(out, '\n');
        }
        fw_buf_printf(out, "  %-*s  %s: ", STATE_WIDTH, fw_step_state_name(step->state),
                      fw_step_what(step->id));
        fw_buf_add(out, step->message);
        fw_buf_add_char(out, '\n');
    }
    for (size_t i = 0; i < report->pack.pack.chain.n && report->nearlier == 0; i++) {
        char hex[FW_SHA256_HEX + 1];
        const struct fw_chain_line *line = &report->pack.pack.chain.v[i];
        fw_sha256_hex(line->head, hex);
        fw_buf_printf(out, "  recorded     %" PRIu32 " ", line->sequence);
        fw_buf_add(out, line->period);
        fw_buf_printf(out, " %s\n", hex);
    }
    fw_buf_printf(out, "%s: %s\n", fw_verify_verdict_name(report->verdict),
                  sentences[report->verdict]);
}

static void signatures_json(const struct fw_verified *v, struct fw_json *json)
{
    fw_json_key(json, "signatures");
    fw_json_array(json);
    for (int role = 0; role < FW_ROLE_COUNT; role++) {
        const struct fw_verified_signer *signer = &v->signers[role];
        if (!signer->present) {
            continue;
        }
        fw_json_object(json);
        fw_json_kv_cstr(json, "role", fw_roles[role].name);
        fw_json_kv(json, "identity", signer->principal);
        fw_json_kv(json, "key_type", signer->key_type);
        fw_json_kv(json, "fingerprint", signer->fingerprint);
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void stamp_json(const struct fw_verified *v, struct fw_json *json)
{
    fw_json_key(json, "timestamp");
    if (!v->stamped) {
        fw_json_null(json);
        return;
    }
    fw_json_object(json);
    fw_json_kv(json, "time", v->stamp.time);
    fw_json_kv(json, "authority", v->stamp.authority);
    fw_json_kv_bool(json, "trusted", v->stamp_trusted);
    fw_json_end(json);
}

static void chain_json(const struct fw_verify_report *report, struct fw_json *json)
{
    char hex[FW_SHA256_HEX + 1];
    const struct fw_chain *chain = &report->pack.pack.chain;
    fw_json_key(json, "earlier");
    fw_json_array(json);
    for (size_t i = 0; i < chain->n; i++) {
        const struct fw_chain_line *line = &chain->v[i];
        fw_json_object(json);
        fw_json_kv(json, "period", line->period);
        fw_json_kv_u64(json, "sequence", line->sequence);
        fw_sha256_hex(line->head, hex);
        fw_json_kv_cstr(json, "head", hex);
        fw_json_key(json, "pack");
        if (i < report->nearlier && report->earlier[i].whole) {
            fw_json_string(json, report->earlier[i].pack.path);
        } else {
            fw_json_null(json);
        }
        fw_json_end(json);
    }
    fw_json_end(json);
}

void fw_verify_json(const struct fw_verify_report *report, struct fw_json *json)
{
    char hex[FW_SHA256_HEX + 1];
    const struct fw_verified *v = &report->pack;
    fw_json_object(json);
    fw_json_kv_cstr(json, "verdict", fw_verify_verdict_name(report->verdict));
    fw_json_kv_bool(json, "trusted_keys", report->trusted);
    fw_json_kv(json, "pack", report->steps.n > 0 ? report->steps.v[0].pack : FW_SV(""));
    fw_json_key(json, "period");
    if (v->whole) {
        fw_json_string(json, v->pack.info.period);
        fw_json_kv_u64(json, "sequence", v->pack.info.sequence);
        fw_sha256_hex(v->pack.head, hex);
        fw_json_kv_cstr(json, "head", hex);
    } else {
        fw_json_null(json);
        fw_json_key(json, "sequence");
        fw_json_null(json);
        fw_json_key(json, "head");
        fw_json_null(json);
    }
    signatures_json(v, json);
    stamp_json(v, json);
    chain_json(report, json);
    fw_json_key(json, "steps");
    fw_json_array(json);
    for (size_t i = 0; i < report->steps.n; i++) {
        const struct fw_step *step = &report->steps.v[i];
        fw_json_object(json);
        fw_json_kv_cstr(json, "step", fw_step_name(step->id));
        fw_json_kv_cstr(json, "state", fw_step_state_name(step->state));
        fw_json_kv(json, "pack", step->pack);
        fw_json_kv(json, "message", step->message);
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_json_end(json);
}
