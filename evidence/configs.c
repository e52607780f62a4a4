/* Configurations, read and understood: a file becomes a document, a ruleset and its analysis. */
#include "evidence/configs.h"

#include "core/walk.h"

enum { DETECT_BYTES = 65536 };

static enum fw_err read_config(struct fw_config *ret, fw_sv shown, fw_sv format,
                               struct fw_diags *diags)
{
    ret->parser = format.n > 0 ? fw_parser_find(format)
                               : fw_parser_detect(FW_PARSER_RULESET,
                                                  fw_sv_sub(ret->doc.text, 0, DETECT_BYTES));
    if (!ret->parser || ret->parser->kind != FW_PARSER_RULESET) {
        fw_diag_report(diags, FW_DIAG_ID_FORMAT_UNKNOWN, shown, (fw_span){0}, (fw_sv){0}, 0,
                       "no configuration format recognises this file; see fwproof formats");
        return FW_ERR_INVALID;
    }
    return fw_ruleset_parse(&ret->doc, ret->parser, &ret->ruleset);
}

enum fw_err fw_config_load(struct fw_config *ret, const char *path, fw_sv shown, fw_sv format,
                           struct fw_diags *diags)
{
    *ret = (struct fw_config){0};
    fw_doc_init(&ret->doc, shown, diags);
    enum fw_err err = fw_doc_load(&ret->doc, path);
    return err == FW_OK ? read_config(ret, shown, format, diags) : err;
}

enum fw_err fw_config_load_stored(struct fw_config *ret, fw_sv stored, fw_sv shown, fw_sv format,
                                  struct fw_diags *diags)
{
    *ret = (struct fw_config){0};
    fw_doc_init(&ret->doc, shown, diags);
    enum fw_err err = fw_doc_load_stored(&ret->doc, stored);
    return err == FW_OK ? read_config(ret, shown, format, diags) : err;
}

enum fw_err fw_config_of_text(struct fw_config *ret, fw_sv text, fw_sv shown,
                              const struct fw_parser *parser, struct fw_diags *diags)
{
    *ret = (struct fw_config){.parser = parser};
    fw_doc_init(&ret->doc, shown, diags);
    fw_doc_set_text(&ret->doc, text);
    ret->doc.info.sha256 = fw_sha256_of(text);
    ret->doc.info.stored_bytes = text.n;
    ret->doc.info.decoded_bytes = text.n;
    return fw_ruleset_parse(&ret->doc, ret->parser, &ret->ruleset);
}

void fw_config_clear(struct fw_config *config)
{
    fw_doc_clear(&config->doc);
}

fw_sv fw_config_device(const struct fw_config *config)
{
    if (config->ruleset.hostname.n > 0) {
        return config->ruleset.hostname;
    }
    fw_sv name = fw_path_name(config->doc.path);
    size_t dot = name.n;
    while (dot > 1 && name.p[dot - 1] != '.') {
        dot--;
    }
    return dot > 1 ? fw_sv_sub(name, 0, dot - 1) : name;
}
