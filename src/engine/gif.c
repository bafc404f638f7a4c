/* gif.c — grey animations as GIF.
 * SPDX-License-Identifier: MIT */

#include "engine/gif.h"

#include "engine/error.h"
#include "engine/file.h"

#include <gif_lib.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define N_GREYS 256
#define CHUNK 65536 /* bytes; giflib writes them by ones and by hundreds */
#define FOR_EVER "\x01\x00\x00" /* sub-block 1: how often, 0 is without end */

struct _RaqamGif
{
  char            *path;
  int              width, height, delay;
  RaqamFileWriter *writer;
  GByteArray      *waiting;     /* to be written */
  GifFileType     *gif;         /* NULL once it is closed */
  GError          *write_error; /* why @writer refused; nothing is written after it */
};

static gboolean
flush (RaqamGif *self)
{
  if (self->write_error == NULL)
    raqam_file_writer_write (self->writer, self->waiting->data, self->waiting->len,
                             &self->write_error);
  g_byte_array_set_size (self->waiting, 0);
  return self->write_error == NULL;
}

static int
write_cb (GifFileType *gif, const GifByteType *bytes, int n)
{
  RaqamGif *self = gif->UserData;

  g_byte_array_append (self->waiting, bytes, (guint) n);
  if (self->waiting->len >= CHUNK)
    flush (self);
  return self->write_error == NULL ? n : 0;
}

static gboolean
fail (RaqamGif *self, int code, GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);
  const char *words = GifErrorString (code);

  if (self->write_error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->write_error));
  else
    g_set_error (error, RAQAM_ERROR,
                 code == E_GIF_ERR_NOT_ENOUGH_MEM ? RAQAM_ERROR_MEMORY : RAQAM_ERROR_DATA,
                 _("The animation “%s” could not be written: %s"), name,
                 words != NULL ? words : _("unknown error"));
  return FALSE;
}

/* The screen, its palette, and that it repeats: Netscape's extension, which all read. */
static gboolean
put_header (RaqamGif *self)
{
  GifColorType greys[N_GREYS];
  ColorMapObject *map;
  gboolean done;

  for (int i = 0; i < N_GREYS; i++)
    greys[i] = (GifColorType) { (GifByteType) i, (GifByteType) i, (GifByteType) i };
  map = GifMakeMapObject (N_GREYS, greys);
  if (map == NULL)
    {
      self->gif->Error = E_GIF_ERR_NOT_ENOUGH_MEM;
      return FALSE;
    }
  EGifSetGifVersion (self->gif, true);
  done = EGifPutScreenDesc (self->gif, self->width, self->height, 8, 0, map) == GIF_OK
         && EGifPutExtensionLeader (self->gif, APPLICATION_EXT_FUNC_CODE) == GIF_OK
         && EGifPutExtensionBlock (self->gif, 11, "NETSCAPE2.0") == GIF_OK
         && EGifPutExtensionBlock (self->gif, 3, FOR_EVER) == GIF_OK
         && EGifPutExtensionTrailer (self->gif) == GIF_OK;
  GifFreeMapObject (map);
  return done;
}

RaqamGif *
raqam_gif_new (const char *path, int width, int height, int delay, GError **error)
{
  g_autoptr (RaqamGif) self = g_new0 (RaqamGif, 1);
  int code = 0;

  g_return_val_if_fail (width >= 1 && width <= RAQAM_GIF_MAX_SIDE, NULL);
  g_return_val_if_fail (height >= 1 && height <= RAQAM_GIF_MAX_SIDE, NULL);
  g_return_val_if_fail (delay >= 2 && delay <= 65535, NULL);

  self->path = g_strdup (path);
  self->width = width;
  self->height = height;
  self->delay = delay;
  self->waiting = g_byte_array_new ();
  self->writer = raqam_file_writer_new (path, error);
  if (self->writer == NULL)
    return NULL;
  self->gif = EGifOpen (self, write_cb, &code);
  if (self->gif == NULL)
    {
      fail (self, code, error);
      return NULL;
    }
  if (!put_header (self))
    {
      fail (self, self->gif->Error, error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

gboolean
raqam_gif_add (RaqamGif *self, const guint8 *pixels, GError **error)
{
  GraphicsControlBlock control = {
    .DisposalMode = DISPOSE_DO_NOT,
    .DelayTime = self->delay,
    .TransparentColor = NO_TRANSPARENT_COLOR,
  };
  GifByteType extension[4];
  g_autofree GifByteType *line = g_malloc (self->width);
  gsize n = EGifGCBToExtension (&control, extension);

  if (EGifPutExtension (self->gif, GRAPHICS_EXT_FUNC_CODE, (int) n, extension) != GIF_OK
      || EGifPutImageDesc (self->gif, 0, 0, self->width, self->height, false, NULL) != GIF_OK)
    return fail (self, self->gif->Error, error);
  for (int y = 0; y < self->height; y++)
    {
      /* It may change the line that it is given. */
      memcpy (line, pixels + (gsize) y * self->width, self->width);
      if (EGifPutLine (self->gif, line, self->width) != GIF_OK)
        return fail (self, self->gif->Error, error);
    }
  return TRUE;
}

gboolean
raqam_gif_commit (RaqamGif *self, GError **error)
{
  int code = 0;

  g_return_val_if_fail (self->gif != NULL, FALSE);

  /* It frees itself even where it fails. */
  if (EGifCloseFile (g_steal_pointer (&self->gif), &code) != GIF_OK || !flush (self))
    return fail (self, code, error);
  return raqam_file_writer_commit (self->writer, error);
}

void
raqam_gif_free (RaqamGif *self)
{
  /* What giflib would still write goes to the temporary, which goes with the writer. */
  if (self->gif != NULL)
    EGifCloseFile (self->gif, NULL);
  raqam_file_writer_free (self->writer);
  g_byte_array_unref (self->waiting);
  g_clear_error (&self->write_error);
  g_free (self->path);
  g_free (self);
}
