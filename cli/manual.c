/* What does fwproof(1) say? Everything about commands and options comes from their tables. */
#include "cli/manual.h"

#include <string.h>

/* A backslash and a dash mean something to roff, a dot or quote at the start of a line too. */
static void put_text(struct fw_buf *out, fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        bool start = out->n == 0 || out->p[out->n - 1] == '\n';
        char c = text.p[i];
        if (start && (c == '.' || c == '\'')) {
            fw_buf_add_cstr(out, "\\&");
        }
        if (c == '\\') {
            fw_buf_add_cstr(out, "\\e");
        } else if (c == '-') {
            fw_buf_add_cstr(out, "\\-");
        } else {
            fw_buf_add_char(out, c);
        }
    }
}

static void put(struct fw_buf *out, const char *text)
{
    put_text(out, fw_sv_from(text));
}

/* Prose is filled; lines that are indented stay as they are. */
static void put_paragraphs(struct fw_buf *out, const char *text)
{
    fw_sv rest = fw_sv_from(text);
    fw_sv line;
    bool literal = false;
    while (fw_sv_split(&rest, '\n', &line)) {
        bool indented = line.n > 1 && line.p[0] == ' ';
        if (indented != literal) {
            fw_buf_add_cstr(out, indented ? ".RS 4\n.nf\n" : ".fi\n.RE\n");
            literal = indented;
        }
        put_text(out, indented ? fw_sv_trim(line) : line);
        fw_buf_add_char(out, '\n');
    }
    fw_buf_add_cstr(out, literal ? ".fi\n.RE\n" : "");
}

static void put_option(struct fw_buf *out, const struct fw_option_row *row)
{
    fw_buf_add_cstr(out, ".TP\n\\fB\\-\\-");
    put(out, row->name);
    fw_buf_add_cstr(out, "\\fR");
    if (row->argument) {
        fw_buf_add_cstr(out, " \\fI");
        put(out, row->argument);
        fw_buf_add_cstr(out, "\\fR");
    }
    fw_buf_add_char(out, '\n');
    put(out, row->what);
    fw_buf_add_char(out, '\n');
}

static void put_command(struct fw_buf *out, const struct fw_command *command)
{
    fw_buf_add_cstr(out, ".SS ");
    put(out, command->name);
    fw_buf_add_cstr(out, "\n.B fwproof ");
    put(out, command->name);
    fw_buf_add_cstr(out, "\n[\\fIOPTION\\fR...] \\fI");
    put(out, command->arguments);
    fw_buf_add_cstr(out, "\\fR\n.PP\n");
    put(out, command->summary);
    fw_buf_add_cstr(out, ".\n");
    if (command->detail) {
        put_paragraphs(out, command->detail);
    }
    fw_buf_add_cstr(out, ".PP\nOptions:");
    const char *before = " ";
    for (int i = 0; i < FW_OPT_COUNT; i++) {
        if (command->options >> i & 1) {
            fw_buf_add_cstr(out, before);
            fw_buf_add_cstr(out, "\\fB\\-\\-");
            put(out, fw_option_rows[i].name);
            fw_buf_add_cstr(out, "\\fR");
            before = ", ";
        }
    }
    fw_buf_add_cstr(out, ".\n");
    if (command->examples) {
        fw_buf_add_cstr(out, ".PP\nExamples:\n");
        put_paragraphs(out, command->examples);
    }
}

static const char head[] =
    ".\\\" Made by fwproof \\-\\-man from the tables of commands and options.\n"
    ".TH FWPROOF 1 \"\" \"fwproof " FWPROOF_VERSION "\" \"User Commands\"\n"
    ".SH NAME\n"
    "fwproof \\- firewall and log reviews that can be proven\n"
    ".SH SYNOPSIS\n"
    ".B fwproof\n"
    ".I COMMAND\n"
    "[\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n"
    ".PP\n"
    ".B fwproof\n"
    "\\fB\\-\\-help\\fR | \\fB\\-\\-version\\fR [\\fB\\-\\-json\\fR] | \\fB\\-\\-man\\fR | "
    "\\fB\\-\\-completion\\fR \\fISHELL\\fR\n"
    ".SH DESCRIPTION\n"
    "Reads firewall rulesets, firewall and syslog logs, IDS logs and change records, answers the\n"
    "questions of a periodic review with proof, and writes evidence that can be verified without\n"
    "this program.\n"
    ".PP\n"
    "Every check ends in one of PASS, FAIL, OPEN (evidence is missing: the answer says what to\n"
    "bring), MANUAL, WAIVED, N/A or ERROR; missing evidence is never a pass. Results go to "
    "standard\n"
    "output, diagnostics to standard error, progress to a terminal only. The same input gives the\n"
    "same output, byte for byte: no clock, host name or locale reaches it.\n";

static const char tail[] =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nNothing failed (at or above \\fB\\-\\-fail\\-on\\fR).\n"
    ".TP\n.B 1\nSomething did; with \\fB\\-\\-strict\\fR, OPEN and MANUAL count too. "
    "\\fBverify\\fR: not valid, or not fully signed by trusted keys.\n"
    ".TP\n.B 2\nWrong use, a malformed site file or rulesets, an unreadable named input (after\n"
    "everything else was printed), or a check that ended in ERROR.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B SOURCE_DATE_EPOCH\nThe date to count from, in seconds since 1970, when "
    "\\fB\\-\\-as\\-of\\fR is not given.\n"
    ".TP\n.B NO_COLOR\nNo colours unless \\fB\\-\\-color always\\fR.\n"
    ".TP\n.B SSH_AUTH_SOCK\nThe agent that \\fBsign\\fR asks for keys.\n"
    ".TP\n.B TMPDIR\nWhere \\fBsign\\fR and \\fBverify\\fR put temporary files.\n"
    ".SH SEE ALSO\n"
    ".BR ssh\\-keygen (1),\n"
    ".BR sha256sum (1)\n";

void fw_manual(struct fw_buf *out)
{
    fw_buf_add_cstr(out, head);
    fw_buf_add_cstr(out, ".SH COMMANDS\n");
    for (size_t i = 0; fw_commands[i]; i++) {
        put_command(out, fw_commands[i]);
    }
    fw_buf_add_cstr(out, ".SH OPTIONS\n");
    for (int i = 0; i < FW_OPT_COUNT; i++) {
        put_option(out, &fw_option_rows[i]);
    }
    fw_buf_add_cstr(out, tail);
}
