/* sheet.h — pages of A4 that fill from top to bottom: text, tables, figures.
 * SPDX-License-Identifier: MIT
 *
 * Lengths are points, 1/72 inch. Text and tables begin at the side where the
 * language does. The same calls give the same bytes with the same libraries and
 * fonts: there is no date in the file. One thread at a time.
 */

#pragma once

#include <pango/pangocairo.h>

#include "engine/error.h"

G_BEGIN_DECLS

typedef struct _RaqamSheet RaqamSheet;

typedef enum
{
  RAQAM_TEXT_TITLE,
  RAQAM_TEXT_HEADING,
  RAQAM_TEXT_BODY,
  RAQAM_TEXT_SMALL, /* grey */
} RaqamTextStyle;

/* A table. Strings are UTF-8 and not owned; NULL is an empty cell. */
typedef struct
{
  int                n_columns;
  const double      *widths; /* (n_columns), shares of the sheet's width */
  const gboolean    *numbers; /* (n_columns): which hold numbers, and end where their column ends */
  const char *const *head;   /* (n_columns), repeated on each page */
  int                n_rows;
  const char *const *cells;  /* (n_rows, n_columns) */
} RaqamTable;

/**
 * raqam_sheet_new:
 * @title: of the document; its language says which way everything runs
 *
 * Returns: (transfer full)
 */
RaqamSheet *raqam_sheet_new  (const char *title);
void        raqam_sheet_free (RaqamSheet *self); /* NULL is allowed */

/* Returns: whether text runs from right to left */
gboolean raqam_sheet_is_reversed (const RaqamSheet *self);

void raqam_sheet_text  (RaqamSheet *self, RaqamTextStyle style, const char *text);
void raqam_sheet_table (RaqamSheet *self, const RaqamTable *table);
void raqam_sheet_space (RaqamSheet *self, double height);

/* What follows begins a new page, unless this one is empty. */
void raqam_sheet_break (RaqamSheet *self);

/**
 * raqam_sheet_begin_figure:
 * @width: overwritten: of the sheet between its margins
 * @height: at most a page's
 *
 * Returns: (transfer none): with its origin at the figure's upper left corner,
 *   until raqam_sheet_end_figure()
 */
cairo_t *raqam_sheet_begin_figure (RaqamSheet *self, double *width, double height);
void     raqam_sheet_end_figure   (RaqamSheet *self);

/**
 * raqam_sheet_finish:
 *
 * Ends the document; only raqam_sheet_free() may follow.
 *
 * Returns: (transfer full): the PDF; NULL with RAQAM_ERROR_MEMORY
 */
GBytes *raqam_sheet_finish (RaqamSheet *self, GError **error);

/**
 * raqam_print_text:
 * @x: of the text's anchor
 * @y: of the text's upper edge
 * @anchor: 0: @x is the left edge, 0.5: the middle, 1: the right edge
 * @size: of the font
 *
 * One line in the current colour, for figures.
 */
void raqam_print_text (cairo_t *cr, double x, double y, double anchor, double size, gboolean bold,
                       const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamSheet, raqam_sheet_free)

G_END_DECLS
