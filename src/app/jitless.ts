// Imported before anything else: zod must not generate code, which the page's policy forbids.
import { z } from '#sdk'

z.config({ jitless: true })
