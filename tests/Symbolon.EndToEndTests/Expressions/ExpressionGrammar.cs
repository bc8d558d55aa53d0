namespace Symbolon.EndToEndTests.Expressions;

/// <summary>Expressions of one to thirty parts from one seed. Most are well typed; the others are asked unchecked, so that evaluation has to say what is wrong.</summary>
internal sealed class ExpressionGrammar(Random random)
{
    private static readonly (string Name, Sort Sort)[] Variables =
    [
        ("i", Sort.Int), ("j", Sort.Int), ("u", Sort.Uint), ("x", Sort.Double), ("y", Sort.Double), ("s", Sort.Text), ("t", Sort.Text), ("b", Sort.Bytes), ("p", Sort.Bool), ("q", Sort.Bool),
        ("when", Sort.Timestamp), ("span", Sort.Duration), ("none", Sort.Null), ("any", Sort.Any), ("ints", Sort.List(Sort.Int)), ("texts", Sort.List(Sort.Text)), ("mixed", Sort.List(Sort.Any)),
        ("doubles", Sort.List(Sort.Double)), ("counts", Sort.Map(Sort.Text, Sort.Int)), ("names", Sort.Map(Sort.Int, Sort.Text)), ("flags", Sort.Map(Sort.Bool, Sort.Int)), ("known", Sort.Map(Sort.Int, Sort.Any)), ("sizes", Sort.Map(Sort.Uint, Sort.Double)), ("tree", Sort.Map(Sort.Text, Sort.Any)),
    ];

    private readonly List<(string Name, Sort Sort)> scope = [.. Variables];
    private bool isWellTyped;

    public Question Next()
    {
        isWellTyped = random.Next(8) != 0;
        var piece = Of(Leaves.Pick(random, random.Next(3) == 0 ? [Sort.Bool] : Sort.All), random.Next(1, random.Next(2) == 0 ? 6 : 30));
        var world = Variables.ToDictionary(variable => variable.Name, variable => new Bound(variable.Sort, Leaves.Value(random, variable.Sort)));
        return new Question(piece, world, isWellTyped && random.Next(2) == 0);
    }

    /// <param name="size">About how many parts it may have.</param>
    private Piece Of(Sort sort, int size)
    {
        if (!isWellTyped && random.Next(8) == 0) sort = Leaves.Pick(random, Sort.All);
        // What is dynamic fits everywhere, and may be wrong only when it is evaluated.
        if (sort != Sort.Any && random.Next(30) == 0) return Of(Sort.Any, size) with { Sort = sort };
        if (size <= 1) return Leaf(sort);
        return random.Next(12) switch
        {
            0 => new Piece(sort, "_?_:_", "", Of(Sort.Bool, size / 3), Of(sort, size / 3), Of(sort, size / 3)),
            1 => Indexed(sort, size - 2),
            2 when Leaves.Pick(random, Sort.Keys) is var key => Keyed(sort, key, size - 2),
            3 => Named(sort, size - 1),
            _ => Made(sort, size - 1),
        };
    }

    /// <summary>Of three indices one is any number, and hardly ever of an item.</summary>
    private Piece Indexed(Sort sort, int size) => random.Next(3) == 0
        ? new Piece(sort, "_[_]", "", Of(Sort.List(sort), size), Of(Sort.Int, 1))
        : new Piece(sort, "_[_]", "", new Piece(Sort.List(sort), "list", "", Of(sort, size / 2), Of(sort, size / 2)), new Piece(Sort.Int, "literal", random.Next(2) == 0 ? "0" : "1"));

    private Piece Keyed(Sort sort, Sort key, int size)
    {
        if (random.Next(3) == 0) return new Piece(sort, "_[_]", "", Of(Sort.Map(key, sort), size), Of(key, 1));
        var known = Leaf(key);
        return new Piece(sort, "_[_]", "", new Piece(Sort.Map(key, sort), "map", "", known, Of(sort, size)), known);
    }

    private Piece Named(Sort sort, int size)
    {
        var map = Sort.Map(Sort.Text, sort);
        return random.Next(3) == 0
            ? new Piece(sort, "select", Leaves.Pick(random, ["name", "a", "b"]), Of(map, size))
            : new Piece(sort, "select", "name", new Piece(map, "map", "", new Piece(Sort.Text, "literal", "'name'"), Of(sort, size)));
    }

    private Piece Leaf(Sort sort)
    {
        var known = scope.Where(variable => variable.Sort == sort).ToList();
        if (known.Count > 0 && random.Next(2) == 0) return new Piece(sort, "variable", Leaves.Pick(random, known).Name);
        return sort.Name switch
        {
            "list" or "map" or "TIMESTAMP" or "DURATION" => Made(sort, 1),
            "dyn" => new Piece(sort, "dyn()", "", Leaf(Leaves.Pick(random, Sort.Ordered))),
            _ => new Piece(sort, "literal", Leaves.Literal(random, sort)),
        };
    }

    private Piece Made(Sort sort, int size) => sort.Name switch
    {
        "BOOL" => Truth(size),
        "INT64" => Int(size),
        "UINT64" => random.Next(2) == 0 ? Binary(sort, size, "_+_", "_-_", "_*_", "_/_", "_%_") : new Piece(sort, "uint()", "", Conversions(size, Sort.Int, Sort.Double, Sort.Uint)),
        "DOUBLE" => random.Next(5) switch
        {
            0 => new Piece(sort, "-_", "", Of(sort, size)),
            1 or 2 => new Piece(sort, "double()", "", Conversions(size, Sort.Int, Sort.Uint, Sort.Double)),
            _ => Binary(sort, size, "_+_", "_-_", "_*_", "_/_"),
        },
        "STRING" => Text(size),
        "BYTES" => random.Next(2) == 0 ? Binary(sort, size, "_+_") : new Piece(sort, "bytes()", "", Of(Leaves.Pick(random, [Sort.Text, Sort.Text, Sort.Bytes]), size)),
        "TIMESTAMP" => Moment(size),
        "DURATION" => Span(size),
        "list" => ListOf(sort, size),
        "map" => MapOf(sort, size),
        "type" => new Piece(sort, "type()", "", Of(Leaves.Pick(random, Sort.All), size)),
        "dyn" => random.Next(4) == 0 ? new Piece(sort, "select", Leaves.Pick(random, ["name", "a", "b"]), Of(Leaves.Pick(random, [Sort.Any, Sort.Map(Sort.Text, Sort.Any)]), size)) : new Piece(sort, "dyn()", "", Of(Leaves.Pick(random, Sort.All), size)),
        _ => Leaf(sort),
    };

    private Piece Truth(int size)
    {
        var sort = Leaves.Pick(random, Sort.Ordered);
        switch (random.Next(16))
        {
            case 0 or 1 or 2: return Binary(Sort.Bool, size, "_&&_", "_||_");
            case 3: return new Piece(Sort.Bool, "!_", "", Of(Sort.Bool, size));
            case 4 or 5: return Pair(Leaves.Pick(random, ["_==_", "_!=_"]), Leaves.Pick(random, Sort.All), null, size);
            case 6 or 7: return Pair(Leaves.Pick(random, ["_<_", "_<=_", "_>_", "_>=_"]), sort, null, size);
            case 8: return Pair(Leaves.Pick(random, ["_<_", "_<=_", "_>_", "_>=_"]), Leaves.Pick(random, Sort.Numbers), Leaves.Pick(random, Sort.Numbers), size);
            case 9: return new Piece(Sort.Bool, "_in_", "", Of(sort, size / 2), Of(Sort.List(sort), size / 2));
            case 10 when Leaves.Pick(random, Sort.Keys) is var key: return new Piece(Sort.Bool, "_in_", "", Of(key, size / 2), Of(Sort.Map(key, Leaves.Pick(random, [Sort.Int, Sort.Any])), size / 2));
            case 11: return Method(Sort.Bool, Leaves.Pick(random, [".contains()", ".startsWith()", ".endsWith()"]), size, Sort.Text, Sort.Text);
            case 12: return new Piece(Sort.Bool, ".matches()", "", Of(Sort.Text, size - 1), new Piece(Sort.Text, "literal", $"'{Leaves.Pick(random, Leaves.Patterns)}'"));
            case 13: return new Piece(Sort.Bool, "has", Leaves.Pick(random, ["name", "a", "b", "nothing"]), Of(Leaves.Pick(random, [Sort.Map(Sort.Text, Sort.Any), Sort.Map(Sort.Text, Sort.Int), Sort.Any]), size));
            case 14: return new Piece(Sort.Bool, "bool()", "", random.Next(2) == 0 ? Of(Sort.Bool, size) : Quoted(Leaves.BoolTexts));
            default: return Macro(Sort.Bool, Leaves.Pick(random, ["all{}", "exists{}", "exists_one{}"]), Leaves.Pick(random, [Sort.List(sort), Sort.Map(Sort.Text, Sort.Int), Sort.Map(Sort.Int, Sort.Text), Sort.List(Sort.Any)]), size, Sort.Bool);
        }
    }

    private Piece Int(int size)
    {
        switch (random.Next(10))
        {
            case 0: return new Piece(Sort.Int, "-_", "", Of(Sort.Int, size));
            case 1 or 2: return new Piece(Sort.Int, "int()", "", Conversions(size, Sort.Uint, Sort.Double, Sort.Int, Sort.Timestamp, Sort.Duration));
            case 3: return new Piece(Sort.Int, random.Next(2) == 0 ? "size()" : ".size()", "", Of(Leaves.Pick(random, [Sort.Text, Sort.Bytes, Sort.List(Sort.Int), Sort.Map(Sort.Text, Sort.Int)]), size));
            case 4: return random.Next(2) == 0 ? Method(Sort.Int, Leaves.Pick(random, [".indexOf()", ".lastIndexOf()"]), size, Sort.Text, Sort.Text) : Method(Sort.Int, Leaves.Pick(random, [".indexOf()", ".lastIndexOf()"]), size, Sort.Text, Sort.Text, Sort.Int);
            case 5: return Part(size);
            default: return Binary(Sort.Int, size, "_+_", "_-_", "_*_", "_/_", "_%_");
        }
    }

    private Piece Part(int size)
    {
        if (random.Next(3) == 0) return new Piece(Sort.Int, Leaves.Pick(random, [".getHours()", ".getMinutes()", ".getSeconds()", ".getMilliseconds()"]), "", Of(Sort.Duration, size));
        var name = Leaves.Pick(random, [".getFullYear()", ".getMonth()", ".getDate()", ".getDayOfMonth()", ".getDayOfWeek()", ".getDayOfYear()", ".getHours()", ".getMinutes()", ".getSeconds()", ".getMilliseconds()"]);
        return random.Next(2) == 0 ? new Piece(Sort.Int, name, "", Of(Sort.Timestamp, size)) : new Piece(Sort.Int, name, "", Of(Sort.Timestamp, size - 1), Quoted(Leaves.Zones));
    }

    private Piece Text(int size) => random.Next(14) switch
    {
        0 or 1 => new Piece(Sort.Text, "string()", "", Of(Leaves.Pick(random, [Sort.Int, Sort.Uint, Sort.Double, Sort.Bool, Sort.Text, Sort.Bytes, Sort.Timestamp, Sort.Duration]), size)),
        2 => Method(Sort.Text, ".charAt()", size, Sort.Text, Sort.Int),
        3 => Method(Sort.Text, ".substring()", size, Sort.Text, Sort.Int),
        4 => Method(Sort.Text, ".substring()", size, Sort.Text, Sort.Int, Sort.Int),
        5 => Method(Sort.Text, ".replace()", size, Sort.Text, Sort.Text, Sort.Text),
        // With a large number and nothing to look for the other side would never end.
        6 => Method(Sort.Text, ".replace()", size, Sort.Text, Sort.Text, Sort.Text) is var all ? all with { Parts = [.. all.Parts, new Piece(Sort.Int, "literal", Leaves.Pick(random, ["0", "1", "2", "-1", "3"]))] } : all,
        7 => Method(Sort.Text, Leaves.Pick(random, [".lowerAscii()", ".upperAscii()", ".trim()"]), size, Sort.Text),
        8 => random.Next(2) == 0 ? Method(Sort.Text, ".join()", size, Sort.List(Sort.Text)) : Method(Sort.Text, ".join()", size, Sort.List(Sort.Text), Sort.Text),
        9 => new Piece(Sort.Text, "strings.quote()", "", Of(Sort.Text, size)),
        10 or 11 => new Piece(Sort.Text, ".format()", "", Quoted(Leaves.Formats), new Piece(Sort.List(Sort.Any), "list", "", [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Of(Leaves.Pick(random, Sort.All), size / 3))])),
        _ => Binary(Sort.Text, size, "_+_"),
    };

    private Piece Moment(int size) => size < 3 || random.Next(2) == 0
        ? new Piece(Sort.Timestamp, "timestamp()", "", random.Next(5) switch { 0 => Of(Sort.Int, 1), 1 => Of(Sort.Timestamp, size - 1), _ => Quoted(random.Next(3) == 0 ? Leaves.TimeTexts : Leaves.TimeTexts[..9]) })
        : random.Next(3) switch
        {
            0 => new Piece(Sort.Timestamp, "_-_", "", Of(Sort.Timestamp, size / 2), Of(Sort.Duration, size / 2)),
            1 => new Piece(Sort.Timestamp, "_+_", "", Of(Sort.Duration, size / 2), Of(Sort.Timestamp, size / 2)),
            _ => new Piece(Sort.Timestamp, "_+_", "", Of(Sort.Timestamp, size / 2), Of(Sort.Duration, size / 2)),
        };

    private Piece Span(int size) => size < 3 || random.Next(2) == 0
        ? new Piece(Sort.Duration, "duration()", "", random.Next(6) switch { 0 => Of(Sort.Duration, size - 1), 1 => Of(Sort.Int, 1), _ => Quoted(random.Next(3) == 0 ? Leaves.SpanTexts : Leaves.SpanTexts[..9]) })
        : random.Next(2) == 0 ? Binary(Sort.Duration, size, "_+_", "_-_") : new Piece(Sort.Duration, "_-_", "", Of(Sort.Timestamp, size / 2), Of(Sort.Timestamp, size / 2));

    private Piece ListOf(Sort sort, int size)
    {
        var item = sort.Item!;
        switch (random.Next(size < 4 ? 4 : 8))
        {
            case 4: return Binary(sort, size, "_+_");
            case 5: return Macro(sort, "filter{}", sort, size, Sort.Bool);
            case 6 when Leaves.Pick(random, [Sort.List(Sort.Int), Sort.List(Sort.Text), Sort.Map(Sort.Text, Sort.Int)]) is var range:
                return random.Next(3) == 0 ? Macro(sort, "map{}", range, size, Sort.Bool, item) : Macro(sort, "map{}", range, size, item);
            case 7 when item == Sort.Text: return random.Next(2) == 0 ? Method(sort, ".split()", size, Sort.Text, Sort.Text) : Method(sort, ".split()", size, Sort.Text, Sort.Text, Sort.Int);
            default:
                var count = random.Next(4);
                return new Piece(sort, "list", "", [.. Enumerable.Range(0, count).Select(_ => Of(item, (size - 1) / Math.Max(1, count)))]);
        }
    }

    private Piece MapOf(Sort sort, int size)
    {
        var count = random.Next(4);
        return new Piece(sort, "map", "", [.. Enumerable.Range(0, count).SelectMany(i => new[]
        {
            sort.Key == Sort.Text && random.Next(3) != 0 ? new Piece(Sort.Text, "literal", $"'{new[] { "name", "a", "b" }[i]}'") : Of(sort.Key!, 1),
            Of(sort.Item!, (size - 1) / Math.Max(1, count)),
        })]);
    }

    private Piece Macro(Sort sort, string head, Sort range, int size, params Sort[] bodies)
    {
        var over = Of(range, size / 2);
        // Sometimes a name that is a variable outside as well.
        var name = random.Next(10) == 0 ? Leaves.Pick(random, ["i", "s"]) : Leaves.Pick(random, ["v", "w", "item"]);
        var hidden = scope.FindAll(variable => variable.Name == name);
        scope.RemoveAll(variable => variable.Name == name);
        scope.Add((name, range.Key ?? range.Item!));
        var inside = bodies.Select(body => Of(body, size / (2 * bodies.Length))).ToArray();
        scope.RemoveAll(variable => variable.Name == name);
        scope.AddRange(hidden);
        return new Piece(sort, head, name, [over, .. inside]);
    }

    private Piece Conversions(int size, params Sort[] from) => random.Next(3) == 0 ? Quoted(Leaves.NumberTexts) : Of(Leaves.Pick(random, from), size);

    private Piece Quoted(string[] texts) => new(Sort.Text, "literal", Leaves.Quoted(random, Leaves.Pick(random, texts)));

    private Piece Method(Sort sort, string head, int size, params Sort[] operands) => new(sort, head, "", [.. operands.Select(operand => Of(operand, size / operands.Length))]);

    private Piece Pair(string head, Sort left, Sort? right, int size) => new(Sort.Bool, head, "", Of(left, size / 2), Of(right ?? left, size / 2));

    private Piece Binary(Sort sort, int size, params string[] heads)
    {
        var left = random.Next(size);
        return new(sort, Leaves.Pick(random, heads), "", Of(sort, left), Of(sort, size - left));
    }
}
