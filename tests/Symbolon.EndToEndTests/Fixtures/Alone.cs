using Xunit;

namespace Symbolon.EndToEndTests.Fixtures;

/// <summary>Tests that measure times, or load the machine so that others would: they run when nothing else does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
