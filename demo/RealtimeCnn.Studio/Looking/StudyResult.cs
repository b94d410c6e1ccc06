namespace RealtimeCnn.Studio.Looking;

/// <summary>What was found in a network: its graph with times, as JSON for the page, and the maps of its layers.</summary>
/// <param name="Number">Of the study, from 1; another one is another number.</param>
/// <param name="Json">Backend, layers, shapes, times.</param>
/// <param name="Maps">For each layer its maps; null where it has none.</param>
internal sealed record StudyResult(int Number, byte[] Json, IReadOnlyList<LayerLevels?> Maps);
