/* sheet.c — pages of A4 that fill from top to bottom: text, tables, figures.
 * SPDX-License-Identifier: MIT */

#include "print/sheet.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>

#define WIDTH 595.0
#define HEIGHT 842.0
#define MARGIN 48.0
#define CELL_SIZE 8.5
#define CELL_PAD 2.5 /* above and below */
#define CELL_GAP 5.0 /* on either side */

struct _RaqamSheet
{
  GByteArray *bytes;
  cairo_t    *cr;
  double      y; /* where the next thing begins */
  double      figure_height;
  gboolean    reversed;
};

static const struct
{
  double   size, before, after, grey;
  gboolean bold;
} styles[] = {
  [RAQAM_TEXT_TITLE] = { 20, 0, 6, 0, TRUE },
  [RAQAM_TEXT_HEADING] = { 12, 12, 5, 0, TRUE },
  [RAQAM_TEXT_BODY] = { 9.5, 0, 5, 0, FALSE },
  [RAQAM_TEXT_SMALL] = { 8, 0, 4, 0.35, FALSE },
};

static cairo_status_t
append (void *data, const unsigned char *bytes, unsigned int n)
{
  g_byte_array_append (data, bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

/* One point of font is one unit of the page. */
static PangoLayout *
layout_new (cairo_t *cr, double size, gboolean bold, const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string ("Cantarell, Noto Sans, Sans");

  pango_cairo_context_set_resolution (pango_layout_get_context (layout), 72);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_font_description_free (font);

  return layout;
}

static gboolean
runs_to_left (PangoLayout *layout)
{
  return pango_layout_get_direction (layout, 0) == PANGO_DIRECTION_RTL;
}

RaqamSheet *
raqam_sheet_new (const char *title)
{
  RaqamSheet *self = g_new0 (RaqamSheet, 1);
  g_autoptr (PangoLayout) layout = NULL;
  cairo_surface_t *surface;

  self->bytes = g_byte_array_new ();
  surface = cairo_pdf_surface_create_for_stream (append, self->bytes, WIDTH, HEIGHT);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Raqam");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, NULL);
  self->cr = cairo_create (surface);
  self->y = MARGIN;
  cairo_surface_destroy (surface);

  layout = layout_new (self->cr, styles[RAQAM_TEXT_TITLE].size, TRUE, title);
  self->reversed = runs_to_left (layout);

  return self;
}

void
raqam_sheet_free (RaqamSheet *self)
{
  if (self == NULL)
    return;

  cairo_destroy (self->cr);
  g_byte_array_unref (self->bytes);
  g_free (self);
}

gboolean
raqam_sheet_is_reversed (const RaqamSheet *self)
{
  return self->reversed;
}

static double
height_of (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);
  return (double) height / PANGO_SCALE;
}

static gboolean
fits (const RaqamSheet *self, double height)
{
  return self->y + height <= HEIGHT - MARGIN;
}

void
raqam_sheet_break (RaqamSheet *self)
{
  if (self->y <= MARGIN)
    return;

  cairo_show_page (self->cr);
  self->y = MARGIN;
}

static void
make_room (RaqamSheet *self, double height)
{
  if (!fits (self, height))
    raqam_sheet_break (self);
}

void
raqam_sheet_space (RaqamSheet *self, double height)
{
  if (self->y > MARGIN)
    self->y += height;
}

void
raqam_sheet_text (RaqamSheet *self, RaqamTextStyle style, const char *text)
{
  g_autoptr (PangoLayout) layout = layout_new (self->cr, styles[style].size, styles[style].bold, text);
  double grey = styles[style].grey;
  /* A heading at the foot of a page would belong to nothing. */
  double with = style == RAQAM_TEXT_HEADING ? 60 : 0;

  pango_layout_set_width (layout, (int) ((WIDTH - 2 * MARGIN) * PANGO_SCALE));
  pango_layout_set_alignment (layout, PANGO_ALIGN_LEFT);
  raqam_sheet_space (self, styles[style].before);
  make_room (self, height_of (layout) + with);

  cairo_set_source_rgb (self->cr, grey, grey, grey);
  cairo_move_to (self->cr, MARGIN, self->y);
  pango_cairo_show_layout (self->cr, layout);
  self->y += height_of (layout) + styles[style].after;
}

static PangoLayout *
cell_layout (RaqamSheet *self, const RaqamTable *table, int column, gboolean bold, const char *text)
{
  PangoLayout *layout = layout_new (self->cr, CELL_SIZE, bold, text != NULL ? text : "");
  double width = table->widths[column] * (WIDTH - 2 * MARGIN) - 2 * CELL_GAP;
  gboolean at_right = table->numbers[column] != self->reversed;

  /* In Pango left is where a text begins, and so right in Persian. */
  if (runs_to_left (layout))
    at_right = !at_right;
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_alignment (layout, at_right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);

  return layout;
}

static double
row_height (RaqamSheet *self, const RaqamTable *table, gboolean bold, const char *const *cells)
{
  double height = 0;

  for (int c = 0; c < table->n_columns; c++)
    {
      g_autoptr (PangoLayout) layout = cell_layout (self, table, c, bold, cells[c]);

      height = MAX (height, height_of (layout));
    }

  return height + 2 * CELL_PAD;
}

static void
draw_row (RaqamSheet *self, const RaqamTable *table, gboolean bold, const char *const *cells)
{
  double height = row_height (self, table, bold, cells), whole = WIDTH - 2 * MARGIN, along = 0;

  cairo_set_source_rgb (self->cr, 0, 0, 0);
  for (int c = 0; c < table->n_columns; c++)
    {
      g_autoptr (PangoLayout) layout = cell_layout (self, table, c, bold, cells[c]);
      double width = table->widths[c] * whole;
      double x = self->reversed ? whole - along - width : along;

      cairo_move_to (self->cr, MARGIN + x + CELL_GAP, self->y + CELL_PAD);
      pango_cairo_show_layout (self->cr, layout);
      along += width;
    }

  self->y += height;
  cairo_set_source_rgb (self->cr, 0.8, 0.8, 0.8);
  cairo_set_line_width (self->cr, bold ? 0.8 : 0.3);
  cairo_move_to (self->cr, MARGIN, self->y);
  cairo_line_to (self->cr, WIDTH - MARGIN, self->y);
  cairo_stroke (self->cr);
}

void
raqam_sheet_table (RaqamSheet *self, const RaqamTable *table)
{
  double head = row_height (self, table, TRUE, table->head);

  for (int r = 0; r < table->n_rows; r++)
    {
      const char *const *cells = table->cells + r * table->n_columns;
      double row = row_height (self, table, FALSE, cells);

      if (r == 0)
        make_room (self, head + row);
      else if (!fits (self, row))
        raqam_sheet_break (self);
      if (r == 0 || self->y <= MARGIN)
        draw_row (self, table, TRUE, table->head);
      draw_row (self, table, FALSE, cells);
    }
  raqam_sheet_space (self, 6);
}

cairo_t *
raqam_sheet_begin_figure (RaqamSheet *self, double *width, double height)
{
  make_room (self, height);
  *width = WIDTH - 2 * MARGIN;
  self->figure_height = height;
  cairo_save (self->cr);
  cairo_translate (self->cr, MARGIN, self->y);

  return self->cr;
}

void
raqam_sheet_end_figure (RaqamSheet *self)
{
  cairo_restore (self->cr);
  self->y += self->figure_height + 6;
}

GBytes *
raqam_sheet_finish (RaqamSheet *self, GError **error)
{
  cairo_surface_t *surface = cairo_get_target (self->cr);

  cairo_show_page (self->cr);
  cairo_surface_finish (surface);
  if (cairo_status (self->cr) == CAIRO_STATUS_SUCCESS
      && cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    return g_bytes_new (self->bytes->data, self->bytes->len);

  g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY, _("The PDF could not be made: %s."),
               cairo_status_to_string (cairo_surface_status (surface)));
  return NULL;
}

void
raqam_print_text (cairo_t *cr, double x, double y, double anchor, double size, gboolean bold,
                  const char *text)
{
  g_autoptr (PangoLayout) layout = layout_new (cr, size, bold, text);
  int width;

  pango_layout_get_size (layout, &width, NULL);
  cairo_move_to (cr, x - anchor * width / PANGO_SCALE, y);
  pango_cairo_show_layout (cr, layout);
}
