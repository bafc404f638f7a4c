/* confusion.h — which class was taken for which, and what follows for each class.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RAQAM_CONFUSION_MOST_CLASSES 256

/* Images of class t that were taken for class p: count[t · n_classes + p]. */
typedef struct
{
  int      n_classes;
  guint64 *count;
} RaqamConfusion;

typedef struct
{
  int     label;    /* below 0 in an average */
  double  precision;
  double  recall;
  double  f1;
  guint64 support;  /* images that are of the class; in an average, all images */
} RaqamReportRow;

typedef struct
{
  int             n_rows;
  RaqamReportRow *rows;     /* by rising label */
  RaqamReportRow  macro;    /* each class counts the same */
  RaqamReportRow  weighted; /* each class counts by its support */
  double          accuracy;
} RaqamReport;

/**
 * raqam_confusion_new:
 * @truth: (@n) labels that the images have, below @n_classes
 * @predicted: (@n) labels that they were given, below @n_classes
 * @n: images; 0 leaves all counts 0
 * @n_classes: 1 to RAQAM_CONFUSION_MOST_CLASSES
 *
 * Returns: (transfer full): the counts; raqam_confusion_free() frees it
 */
RaqamConfusion *raqam_confusion_new (const guint8 *truth, const guint8 *predicted, gsize n,
                                     int n_classes);
void raqam_confusion_free (RaqamConfusion *confusion);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamConfusion, raqam_confusion_free)

/**
 * raqam_report_new:
 * @only_present: leave out classes that no image has and none was taken for
 *
 * Of each class, with TP the images rightly taken for it:
 *
 *   precision = TP / (images taken for it)
 *   recall    = TP / (images of it)
 *   F1        = 2 TP / (images of it + images taken for it)
 *
 * A quotient of nothing by nothing is 0. Accuracy is ΣTP / images. These are
 * scikit-learn's definitions (Pedregosa et al., JMLR 12, 2011), and sums are
 * taken in NumPy's order, so that the figures equal those of its
 * classification_report (zero_division="warn") to the last bit: without @labels
 * where @only_present is TRUE, else with @labels all of 0 to n_classes - 1.
 *
 * Returns: (transfer full): the figures; raqam_report_free() frees it
 */
RaqamReport *raqam_report_new (const RaqamConfusion *confusion, gboolean only_present);
void raqam_report_free (RaqamReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamReport, raqam_report_free)

/* What a class's figures come from. */
typedef struct
{
  guint64 of;    /* images of the class */
  guint64 taken; /* images taken for it */
  guint64 right; /* images that are both */
} RaqamClassTotal;

/**
 * raqam_report_new_from_totals:
 * @totals: (@n_classes)
 *
 * The same for a report of which the confusions themselves are not known.
 *
 * Returns: (transfer full): the figures; raqam_report_free() frees it
 */
RaqamReport *raqam_report_new_from_totals (const RaqamClassTotal *totals, int n_classes,
                                           gboolean only_present);

/**
 * raqam_report_new_thesis:
 *
 * The founding thesis's table, of 1,000 generated digits. It printed whole
 * per cent of precision and recall, and each class's support; just one number
 * of images right and one of images taken fits each class, and its F1, averages
 * and accuracy (966 of 1,000) follow from them. Its columns leave 7 images
 * out, so a confusion matrix of ten classes cannot be had back from it.
 *
 * Returns: (transfer full): the figures; raqam_report_free() frees it
 */
RaqamReport *raqam_report_new_thesis (void);

/**
 * raqam_report_to_text:
 * @names: (nullable): names in UTF-8, one for each label up to the largest in
 *   @report; NULL for the labels' own numbers
 * @digits: after the point, 0 to 9
 *
 * Prints what scikit-learn's classification_report (digits=@digits) returns,
 * character for character; only where not one image is right does it print
 * whole numbers of images with ".0". Numbers are in ASCII, whatever the locale.
 *
 * Returns: (transfer full): lines, the last one ended too
 */
char *raqam_report_to_text (const RaqamReport *report, const char *const *names, int digits);

G_END_DECLS
