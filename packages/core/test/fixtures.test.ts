/** Every fixture's listing and content are what its own Python said. */
import { listing, readPyc, tree } from "@pyclab/core";
import { describe, expect, test } from "vitest";
import { fixturesOf, fixtureVersions, listingDifference, type Sample, treeDifference } from "./oracle.js";

describe.each(fixtureVersions())("Python %s", (version) => {
  const samples = fixturesOf(version);
  const faults = (compare: (sample: Sample) => string | undefined) =>
    samples.flatMap((sample) => {
      const fault = compare(sample);
      return fault ? [`${sample.stem}: ${fault}`] : [];
    });

  test(`${samples.length} listings`, () => {
    expect(
      faults((sample) =>
        listingDifference(sample.dis(), listing(readPyc(sample.bytes, { name: `${version}/${sample.stem}.pyc` }))),
      ),
    ).toEqual([]);
  });

  test(`${samples.length} trees`, () => {
    expect(faults((sample) => treeDifference(sample.tree(), tree(readPyc(sample.bytes))))).toEqual([]);
  });
});
