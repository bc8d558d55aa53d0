using System.Collections.Frozen;

namespace Symbolon.Cel.Functions;

/// <summary>Every function of the language and of its extensions, by name; those of an extension have its name in front.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, CelFunction> All = new IEnumerable<CelFunction>[]
    {
        Arithmetic.All, Comparison.All, Containers.All, Conversions.All, Times.All, Texts.All, TextSearch.All, Lists.All, Sets.All, MathFunctions.All, BitFunctions.All, Encoders.All, Optionals.All, Network.All,
    }.SelectMany(each => each).ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    public static CelFunction? Find(string name) => All.GetValueOrDefault(name);
}
