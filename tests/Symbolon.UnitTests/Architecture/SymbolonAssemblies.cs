using System.Reflection;
using System.Runtime.CompilerServices;

namespace Symbolon.UnitTests.Architecture;

internal static class SymbolonAssemblies
{
    /// <summary>Every assembly of src, by the name of its project.</summary>
    public static readonly IReadOnlyDictionary<string, Assembly> ByProject = Repository.Files("src", "*.csproj")
        .Select(file => Path.GetFileNameWithoutExtension(file.Path))
        .ToDictionary(project => project, project => Assembly.Load(project == "Symbolon.Cli" ? "symbolon" : project));

    /// <summary>What somebody wrote; the compiler's and the generators' own types left out.</summary>
    public static IEnumerable<Type> OwnTypes => ByProject.Values.SelectMany(assembly => assembly.GetTypes()).Where(IsOwn);

    public static bool IsOwn(Type type) =>
        type.Namespace?.StartsWith("Symbolon", StringComparison.Ordinal) == true
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        && (type.DeclaringType is null || IsOwn(type.DeclaringType));
}
