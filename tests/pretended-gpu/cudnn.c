/* cudnn.c — stands where cuDNN would; see pretended-gpu.c.
 * SPDX-License-Identifier: MIT */

int raqam_pretended_cudnn (void);

int
raqam_pretended_cudnn (void)
{
  return 0;
}
