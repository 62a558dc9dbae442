#!/usr/bin/env node
import "../dist/pyclab.js";
