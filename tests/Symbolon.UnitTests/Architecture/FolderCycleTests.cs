namespace Symbolon.UnitTests.Architecture;

/// <summary>
/// Folders of a project depend on one another in one direction. A type in the project's own folder counts for itself: options and
/// endpoints may lie side by side there, one used by the folders, the other using them.
/// </summary>
[Trait("area", "architecture")]
public sealed class FolderCycleTests
{
    public static TheoryData<string> Projects => [.. SymbolonAssemblies.ByProject.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_folders_of_a_project_form_no_cycle(string project)
    {
        var uses = UsesOf(project);
        var cycle = uses.Keys.Select(folder => CycleFrom(folder, uses)).FirstOrDefault(found => found is not null);
        Assert.True(cycle is null, $"{project}: {cycle}");
    }

    [Fact]
    public void A_cycle_would_be_found()
    {
        var uses = new Dictionary<string, Dictionary<string, string>>
        {
            ["A"] = new() { ["B"] = "A.One uses B.Two" },
            ["B"] = new() { ["C"] = "B.Two uses C.Three" },
            ["C"] = new() { ["A"] = "C.Three uses A.One" },
        };
        Assert.NotNull(CycleFrom("B", uses));
        Assert.Contains(typeof(Symbolon.Core.Policy.ReasonCode), TypeUses.Of(typeof(Symbolon.Core.Audit.AuditEvent)));
    }

    private static Dictionary<string, Dictionary<string, string>> UsesOf(string project)
    {
        var uses = new Dictionary<string, Dictionary<string, string>>();
        foreach (var type in SymbolonAssemblies.ByProject[project].GetTypes().Where(type => type.Namespace?.StartsWith(project, StringComparison.Ordinal) == true))
        {
            var from = NodeOf(type, project);
            var targets = uses.TryGetValue(from, out var known) ? known : uses[from] = [];
            foreach (var used in TypeUses.Of(type))
                if (used.Namespace?.StartsWith(project, StringComparison.Ordinal) == true && NodeOf(used, project) is var to && to != from)
                    targets.TryAdd(to, $"{Outermost(type).FullName} uses {Outermost(used).FullName}");
        }
        return uses;
    }

    private static string NodeOf(Type type, string project)
    {
        var outermost = Outermost(type);
        return outermost.Namespace!.Length == project.Length ? outermost.Name : outermost.Namespace[(project.Length + 1)..].Split('.')[0];
    }

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type;
    }

    /// <returns>The steps of the shortest way from the folder back to itself, or null.</returns>
    private static string? CycleFrom(string start, Dictionary<string, Dictionary<string, string>> uses)
    {
        var ways = new Dictionary<string, string>();
        var waiting = new Queue<string>([start]);
        while (waiting.TryDequeue(out var folder))
            foreach (var (to, why) in uses.GetValueOrDefault(folder, []))
            {
                var way = ways.GetValueOrDefault(folder, "") + Environment.NewLine + why;
                if (to == start) return way;
                if (ways.TryAdd(to, way)) waiting.Enqueue(to);
            }
        return null;
    }
}
