namespace Symbolon.Testing;

/// <summary>
/// How much a test does: <c>./test</c> runs it short, <c>./test long</c> runs the same code with larger numbers. The only place that reads
/// <c>SYMBOLON_TEST_SIZE</c>. A test with a large size carries <c>[Trait("long", NAME)]</c> and reports through <see cref="LongRun"/>.
/// </summary>
public static class TestSize
{
    /// <summary>True under <c>./test long</c>.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("SYMBOLON_TEST_SIZE") == "long";

    /// <summary>The number for the size of this run.</summary>
    public static int Of(int shortSize, int longSize) => IsLong ? longSize : shortSize;
}
