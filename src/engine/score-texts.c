/* score-texts.c — what each figure of an evaluation means, in a sentence.
 * SPDX-License-Identifier: MIT */

#include "engine/score-texts.h"

#include <glib/gi18n-lib.h>

#define SOKOLOVA                                                                                   \
  "Sokolova, Lapalme: A systematic analysis of performance measures for classification tasks. "   \
  "Information Processing & Management 45, 2009"
#define HEUSEL                                                                                     \
  "Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter: GANs trained by a two time-scale update "  \
  "rule converge to a local Nash equilibrium. NeurIPS 2017"
#define KYNKAANNIEMI                                                                               \
  "Kynkäänniemi, Karras, Laine, Lehtinen, Aila: Improved precision and recall metric for "        \
  "assessing generative models. NeurIPS 2019"
#define MEEHAN                                                                                     \
  "Meehan, Chaudhuri, Dasgupta: A non-parametric test to detect data-copying in generative "      \
  "models. AISTATS 2020"
#define RAVURI                                                                                     \
  "Ravuri, Vinyals: Classification accuracy score for conditional generative models. NeurIPS 2019"

typedef struct
{
  const char *key;
  const char *name;
  const char *meaning;
  const char *reference;
  RaqamBetter better;
} Text;

static const Text texts[] = {
  [RAQAM_SCORE_ACCURACY] = {
    .key = "accuracy",
    .name = N_ ("Accuracy"),
    .meaning = N_ ("The share of generated digits that the classifier reads as the digit they "
                   "were meant to be: 1 is all of them, but ten perfect pictures over and over "
                   "get 1 too."),
    .reference = SOKOLOVA,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_PRECISION] = {
    .key = "precision",
    .name = N_ ("Precision"),
    .meaning = N_ ("Of all pictures that the classifier read as this digit, the share that were "
                   "meant to be it: 1 is best, and less means that other digits come out "
                   "looking like this one."),
    .reference = SOKOLOVA,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_RECALL] = {
    .key = "recall",
    .name = N_ ("Recall"),
    .meaning = N_ ("Of all pictures that were meant to be this digit, the share that the "
                   "classifier read as it: 1 is best, and less means that this digit is often "
                   "drawn badly."),
    .reference = SOKOLOVA,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_F1] = {
    .key = "f1",
    .name = N_ ("F1"),
    .meaning = N_ ("Precision and recall in one figure, their harmonic mean, which is high only "
                   "if both are: 1 is best."),
    .reference = SOKOLOVA,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_SUPPORT] = {
    .key = "support",
    .name = N_ ("Support"),
    .meaning = N_ ("How many pictures of this digit were judged: the more there are, the surer "
                   "the figures beside it."),
    .reference = SOKOLOVA,
    .better = RAQAM_BETTER_NONE,
  },
  [RAQAM_SCORE_MACRO_AVERAGE] = {
    .key = "macro_average",
    .name = N_ ("Macro average"),
    .meaning = N_ ("The mean over the digits, each counting the same however many pictures it "
                   "has: 1 is best, and one bad digit shows."),
    .reference = SOKOLOVA,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_WEIGHTED_AVERAGE] = {
    .key = "weighted_average",
    .name = N_ ("Weighted average"),
    .meaning = N_ ("The mean over the digits, each counting by its number of pictures: 1 is "
                   "best, and it equals the macro average where all digits have as many."),
    .reference = SOKOLOVA,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_CONFUSION] = {
    .key = "confusion",
    .name = N_ ("Confusion matrix"),
    .meaning = N_ ("Each row is a digit that was asked for and each column one that the "
                   "classifier read: good is everything on the diagonal, and the rest shows "
                   "which digit is taken for which."),
    .reference = SOKOLOVA,
    .better = RAQAM_BETTER_NONE,
  },
  [RAQAM_SCORE_CLASSIFIER] = {
    .key = "classifier_accuracy",
    .name = N_ ("The classifier itself"),
    .meaning = N_ ("The share of real digits, none of which it was trained on, that the "
                   "classifier reads rightly: the nearer to 1, the more its judgement of "
                   "generated digits is worth."),
    .reference = SOKOLOVA,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_FRECHET] = {
    .key = "fid",
    .name = N_ ("FID"),
    .meaning = N_ ("How far generated pictures as a whole are from real ones, in quality and "
                   "variety at once, by what the classifier sees in them: lower is better, and "
                   "good is near the distance between two sets of real pictures."),
    .reference = HEUSEL,
    .better = RAQAM_BETTER_LOWER,
  },
  [RAQAM_SCORE_FRECHET_CLASS] = {
    .key = "fid_per_digit",
    .name = N_ ("FID of each digit"),
    .meaning = N_ ("How far the generated pictures of one digit are from the real ones of that "
                   "digit: lower is better, and a digit well above the others is the one to "
                   "look at."),
    .reference = "Miyato, Koyama: cGANs with projection discriminator. ICLR 2018",
    .better = RAQAM_BETTER_LOWER,
  },
  [RAQAM_SCORE_FRECHET_FLOOR] = {
    .key = "fid_floor",
    .name = N_ ("FID of real pictures"),
    .meaning = N_ ("The FID between two sets of real pictures, as many as were judged: no model "
                   "can be expected to come below it."),
    .reference = "Chong, Forsyth: Effectively unbiased FID and Inception Score and where to "
                 "find them. CVPR 2020",
    .better = RAQAM_BETTER_NONE,
  },
  [RAQAM_SCORE_INCEPTION] = {
    .key = "inception_score",
    .name = N_ ("Inception score"),
    .meaning = N_ ("Whether the classifier is sure of each picture and sees all digits equally "
                   "often: 1 is worst, the number of digits is best, and it says nothing about "
                   "variety within a digit."),
    .reference = "Salimans, Goodfellow, Zaremba, Cheung, Radford, Chen: Improved techniques for "
                 "training GANs. NeurIPS 2016",
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_MANIFOLD_PRECISION] = {
    .key = "manifold_precision",
    .name = N_ ("Precision of the distribution"),
    .meaning = N_ ("The share of generated pictures that lie among the real ones, and so look "
                   "like something a person wrote: 1 is best, and low means bad pictures."),
    .reference = KYNKAANNIEMI,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_MANIFOLD_RECALL] = {
    .key = "manifold_recall",
    .name = N_ ("Recall of the distribution"),
    .meaning = N_ ("The share of real pictures that lie among the generated ones, and so could "
                   "have been drawn by the model: 1 is best, and low means that it has left "
                   "ways of writing out."),
    .reference = KYNKAANNIEMI,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_NEAREST] = {
    .key = "nearest_training_distance",
    .name = N_ ("Distance from the training pictures"),
    .meaning = N_ ("How far a generated picture is from the training picture most like it: good "
                   "is about as far as real pictures that training never saw, and 0 is a copy."),
    .reference = MEEHAN,
    .better = RAQAM_BETTER_LIKE_REAL,
  },
  [RAQAM_SCORE_MEMORISATION] = {
    .key = "memorisation",
    .name = N_ ("Memorisation"),
    .meaning = N_ ("How often a generated picture is nearer to the training pictures than a "
                   "real one that training never saw: 0.5 is good, near 1 means copies or "
                   "sameness, and near 0 pictures unlike real ones."),
    .reference = MEEHAN,
    .better = RAQAM_BETTER_HALF,
  },
  [RAQAM_SCORE_DIVERSITY] = {
    .key = "diversity",
    .name = N_ ("Diversity"),
    .meaning = N_ ("To how many wholly different pictures the drawings of this digit amount: "
                   "good is the figure that as many real pictures reach, and 1 is a single "
                   "picture over and over."),
    .reference = "Friedman, Dieng: The Vendi score: a diversity evaluation metric for machine "
                 "learning. Transactions on Machine Learning Research, 2023",
    .better = RAQAM_BETTER_LIKE_REAL,
  },
  [RAQAM_SCORE_TRAIN_REAL] = {
    .key = "train_real",
    .name = N_ ("Trained on real digits"),
    .meaning = N_ ("The share of unseen real digits that a classifier reads rightly after "
                   "training on real ones alone: what the two figures beside it are to be "
                   "measured against."),
    .reference = RAVURI,
    .better = RAQAM_BETTER_NONE,
  },
  [RAQAM_SCORE_TRAIN_SYNTHETIC] = {
    .key = "train_synthetic",
    .name = N_ ("Trained on generated digits"),
    .meaning = N_ ("The share of unseen real digits that a classifier reads rightly though it "
                   "was trained on generated ones alone: the nearer to that of one trained on "
                   "real digits, the better they can stand in for them."),
    .reference = "Esteban, Hyland, Rätsch: Real-valued (medical) time series generation with "
                 "recurrent conditional GANs. arXiv:1706.02633, 2017",
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_TRAIN_BOTH] = {
    .key = "train_both",
    .name = N_ ("Trained on real and generated digits"),
    .meaning = N_ ("The share of unseen real digits that a classifier reads rightly after "
                   "training on real and generated ones together: above that of real ones "
                   "alone, the generated digits have taught it something."),
    .reference = RAVURI,
    .better = RAQAM_BETTER_HIGHER,
  },
  [RAQAM_SCORE_BLIND] = {
    .key = "blind_test",
    .name = N_ ("Blind test"),
    .meaning = N_ ("How often you told which of two pictures is the real one: 0.5 is what "
                   "guessing gets, so the nearer to 0.5, the better the model deceives you."),
    .reference = "Zhou, Gordon, Krishna, Narcomey, Fei-Fei, Bernstein: HYPE: a benchmark for "
                 "human eye perceptual evaluation of generative models. NeurIPS 2019",
    .better = RAQAM_BETTER_HALF,
  },
};
G_STATIC_ASSERT (G_N_ELEMENTS (texts) == RAQAM_N_SCORES);

static const Text *
text_of (RaqamScore score)
{
  g_assert (score >= 0 && score < RAQAM_N_SCORES);
  return &texts[score];
}

const char *
raqam_score_key (RaqamScore score)
{
  return text_of (score)->key;
}

const char *
raqam_score_name (RaqamScore score)
{
  return _ (text_of (score)->name);
}

const char *
raqam_score_meaning (RaqamScore score)
{
  return _ (text_of (score)->meaning);
}

const char *
raqam_score_english_name (RaqamScore score)
{
  return text_of (score)->name;
}

const char *
raqam_score_english_meaning (RaqamScore score)
{
  return text_of (score)->meaning;
}

const char *
raqam_score_reference (RaqamScore score)
{
  return text_of (score)->reference;
}

RaqamBetter
raqam_score_better (RaqamScore score)
{
  return text_of (score)->better;
}
