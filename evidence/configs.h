/*
 * Configurations, read and understood: a file becomes a document, a ruleset and (when asked) its
 * exact analysis. Whoever needs a configuration (a site review, `rules`, `trace`, `parse`) comes
 * through here.
 */
#ifndef FW_EVIDENCE_CONFIGS_H
#define FW_EVIDENCE_CONFIGS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/diag.h"
#include "core/err.h"
#include "parsers/doc.h"
#include "parsers/parser.h"
#include "policy/analysis.h"

struct fw_config {
    struct fw_doc doc;
    const struct fw_parser *parser;
    struct fw_ruleset ruleset;
    struct fw_analysis_report report; /* valid when analysed */
    bool analysed;
};

/* Reads `path` and reports under the name `shown`. format {0}: detected by content. On any error
 * the diagnostics say what, and *ret is still safe to clear. */
enum fw_err fw_config_load(struct fw_config *ret, const char *path, fw_sv shown, fw_sv format,
                           struct fw_diags *diags);
/* The same of bytes that lie in no file of their own. */
enum fw_err fw_config_load_stored(struct fw_config *ret, fw_sv stored, fw_sv shown, fw_sv format,
                                  struct fw_diags *diags);
/* The same of a text that the caller keeps, by a parser that is known. */
enum fw_err fw_config_of_text(struct fw_config *ret, fw_sv text, fw_sv shown,
                              const struct fw_parser *parser, struct fw_diags *diags);
void fw_config_analyse(struct fw_config *config, const struct fw_analysis_options *options);
void fw_config_clear(struct fw_config *config);

/* The name of the device: what the configuration says, else the file's name without its ending. */
fw_sv fw_config_device(const struct fw_config *config);

#endif
