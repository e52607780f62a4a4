/* Which rule set is it? By the names of its archives and what its files say of themselves. */
#ifndef FW_PARSERS_IDSSET_H
#define FW_PARSERS_IDSSET_H

#include "parsers/doc.h"
#include "parsers/idsconf.h"

/* By a text: a header's line, a path, an address. UNKNOWN when it names none. */
enum fw_publisher fw_publisher_of(fw_sv text);

/* The name of a known archive in a line: "snortrules-snapshot-29200.tar.gz", with the version that
 * it or the path before it carries ("29200", "suricata-7.0.5"). {0} when there is none. */
struct fw_ids_ruleset fw_idsset_archive(fw_sv line);

/* Adds a set unless one of the same publisher, name and version is there; a date is filled in. */
void fw_idsset_add(struct fw_doc *doc, struct fw_idsconf *conf, const struct fw_ids_ruleset *set);

void fw_idsengine_add(struct fw_doc *doc, struct fw_idsconf *conf,
                      const struct fw_ids_engine *engine);
/* "Version 2.9.20 GRE (Build 82)", "Suricata version 7.0.5 RELEASE" behind the word. */
bool fw_idsengine_version(fw_sv text, struct fw_ids_engine *ret);

void fw_idsmention_add(struct fw_doc *doc, struct fw_idsconf *conf,
                       const struct fw_ids_mention *mention);

#endif
