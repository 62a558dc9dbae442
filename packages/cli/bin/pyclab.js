#!/usr/bin/env node
require("../dist/pyclab.cjs");
