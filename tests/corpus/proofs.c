/* Every verdict on every rule of the corpus's configurations is proven again: proofs FOLDER... */
#include <inttypes.h>
#include <stdio.h>

#include "evidence/configs.h"
#include "tests/corpus/corpus.h"

struct sum {
    uint64_t files, proofs[FW_PROOF_COUNT], undetermined, steps;
};

static void prove(const struct corpus_file *file, struct sum *sum)
{
    struct fw_config config;
    struct fw_diags *diags = fw_diags_new();
    if (fw_config_load(&config, file->path.p, file->name, FW_SV(""), diags) == FW_OK) {
        struct fw_analysis_options options = {.jobs = 1, .prove = true};
        fw_config_analyse(&config, &options);
        sum->files++;
        sum->undetermined += config.report.undetermined;
        sum->steps += config.report.proof_steps;
        for (int proof = 0; proof < FW_PROOF_COUNT; proof++) {
            sum->proofs[proof] += config.report.proofs[proof];
        }
        if (config.report.proofs[FW_PROOF_WRONG] > 0) {
            printf("  a proof does not hold: %s\n", file->name.p);
        }
    }
    fw_config_clear(&config);
    fw_diags_free(diags);
}

int main(int argc, char **argv)
{
    const char *root = corpus_root();
    struct fw_arena arena;
    uint64_t bad = 0;
    if (!root) {
        return CORPUS_SKIPPED;
    }
    fw_arena_init(&arena, 0);
    for (int a = 1; a < argc; a++) {
        struct corpus_files files;
        struct sum sum = {0};
        if (!corpus_list(&arena, root, argv[a], &files)) {
            return 1;
        }
        for (size_t i = 0; i < files.n; i++) {
            if (files.v[i].input) {
                prove(&files.v[i], &sum);
            }
        }
        printf(
            "%s %" PRIu64 " files: %" PRIu64 " verdicts proven by packets, %" PRIu64
            " by certificates (%" PRIu64 " steps), %" PRIu64 " undetermined, %" PRIu64 " wrong\n",
            argv[a], sum.files, sum.proofs[FW_PROOF_WITNESS], sum.proofs[FW_PROOF_CERTIFICATE],
            sum.steps, sum.undetermined + sum.proofs[FW_PROOF_GAVE_UP], sum.proofs[FW_PROOF_WRONG]);
        bad += sum.proofs[FW_PROOF_WRONG] + sum.proofs[FW_PROOF_GAVE_UP];
    }
    fw_arena_clear(&arena);
    return bad == 0 ? 0 : 1;
}
