/* style-record.h — a style written down: JSON, by itself or inside a PNG.
 * SPDX-License-Identifier: MIT
 *
 * One JSON object:
 *
 *   "raqam"       "style", which tells it from any other JSON
 *   "version"     1; a higher one is refused
 *   "digit"       0 to 9
 *   "other"       0 to 9; "digit" where it is missing
 *   "mix"         0 to 100; 0 where it is missing
 *   "truncation"  0 to 1.5; 1 where it is missing
 *   "z"           the latent vector's numbers, 1 to 512 of them, each with as many
 *                 decimals as its float needs to be read back to the bit
 *   "latent"      how many they are
 *
 * and what is known of who drew it, any of which may be missing: "model" (the file's
 * name or the run's), "recipe", "step", "epoch", "generator" (SHA-256 as of
 * raqam_network_spec_checksum()), "program" (who has written it). Other members are
 * passed over.
 *
 * Errors are RAQAM_ERROR_DATA: what is wrong, where. Any thread.
 */

#pragma once

#include "engine/model.h"
#include "engine/style.h"

G_BEGIN_DECLS

/* The key of the PNG's text that holds the JSON. */
#define RAQAM_STYLE_PNG_KEY "Raqam-Style"

typedef struct
{
  RaqamStyle style;
  char      *model;     /* NULL: not known */
  char      *recipe;    /* its name; NULL: not known */
  char      *generator; /* checksum; NULL: not known */
  guint64    step;
  double     epoch;
} RaqamStyleRecord;

/**
 * raqam_style_record_new:
 * @model: (nullable): who draws it
 * @checksum: whether the generator's is wanted: reads all its weights
 *
 * Returns: (transfer full)
 */
RaqamStyleRecord *raqam_style_record_new  (const RaqamStyle *style, const RaqamModel *model,
                                           gboolean checksum);
RaqamStyleRecord *raqam_style_record_copy (const RaqamStyleRecord *self);
void              raqam_style_record_free (RaqamStyleRecord *self);

/**
 * raqam_style_record_to_json:
 * @program: written as "program"
 *
 * Returns: (transfer full)
 */
char *raqam_style_record_to_json (const RaqamStyleRecord *self, const char *program);

/**
 * raqam_style_record_read:
 * @data: (@size): JSON, or a PNG that carries it
 * @origin: what to call it in errors
 *
 * Returns: (transfer full): NULL with @error set
 */
RaqamStyleRecord *raqam_style_record_read (gconstpointer data, gsize size, const char *origin,
                                           GError **error);

/**
 * raqam_style_record_refuse_latent:
 * @latent: length of the latent vectors of the model that shall draw it
 *
 * Returns: TRUE with @error set, saying why, where @self is of another length
 */
gboolean raqam_style_record_refuse_latent (const RaqamStyleRecord *self, int latent,
                                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RaqamStyleRecord, raqam_style_record_free)

G_END_DECLS
