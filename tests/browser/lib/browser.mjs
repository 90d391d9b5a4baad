// Debian's Chromium through playwright-core. CHROMIUM names another one.

import { chromium } from 'playwright-core';

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
