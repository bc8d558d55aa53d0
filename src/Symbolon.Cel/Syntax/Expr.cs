using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Syntax;

/// <summary>One part of an expression. Its type and, for names, what they stand for are filled in by the checker.</summary>
internal abstract class Expr(int at)
{
    /// <summary>Where it begins in the text.</summary>
    public int At { get; } = at;

    /// <summary>Null until it is checked, and where nobody checks.</summary>
    public CelType? Type { get; set; }

    /// <summary>Levels of parts, itself included: what walks the tree goes down so far.</summary>
    public int Height { get; set; }

    /// <summary>What a name, or a member of one, stands for; null where it stands for nothing by itself.</summary>
    public Meaning? Meaning { get; set; }
}

/// <summary>What a name stands for.</summary>
internal abstract record Meaning
{
    /// <summary>Of the environment.</summary>
    public sealed record Variable(int Index) : Meaning;

    /// <summary>Bound by a macro around it.</summary>
    public sealed record Local(int Slot) : Meaning;

    public sealed record TypeValue(string Name) : Meaning;
}

internal sealed class LiteralExpr(int at, CelValue value) : Expr(at)
{
    public CelValue Value { get; } = value;
}

/// <param name="isRooted">Written with a dot in front: no container, no local name.</param>
internal sealed class NameExpr(int at, string name, bool isRooted) : Expr(at)
{
    public string Name { get; } = name;

    public bool IsRooted { get; } = isRooted;
}

/// <param name="isTest">The macro <c>has</c>.</param>
/// <param name="isOptional"><c>.?</c></param>
internal sealed class SelectExpr(int at, Expr operand, string member, bool isTest, bool isOptional) : Expr(at)
{
    public Expr Operand { get; } = operand;

    public string Member { get; } = member;

    public bool IsTest { get; } = isTest;

    public bool IsOptional { get; } = isOptional;
}

/// <param name="target">What stands before the dot; null for a function by itself and for operators.</param>
internal sealed class CallExpr(int at, string function, Expr? target, Expr[] arguments) : Expr(at)
{
    public string Function { get; } = function;

    public Expr? Target { get; } = target;

    public Expr[] Arguments { get; } = arguments;

    /// <summary>The name under which it is known; null for a function that is not there.</summary>
    public string? Resolved { get; set; }

    /// <summary>What it works on: with what stands before the dot, unless that is part of its name.</summary>
    public Expr[] Operands { get; set; } = arguments;

    /// <summary>It is written behind what it works on.</summary>
    public bool IsMember { get; set; }
}

/// <param name="optional">Items written with <c>?</c>.</param>
internal sealed class ListExpr(int at, Expr[] items, bool[] optional) : Expr(at)
{
    public Expr[] Items { get; } = items;

    public bool[] Optional { get; } = optional;
}

internal sealed class MapExpr(int at, Expr[] keys, Expr[] values, bool[] optional) : Expr(at)
{
    public Expr[] Keys { get; } = keys;

    public Expr[] Values { get; } = values;

    public bool[] Optional { get; } = optional;
}

internal enum LoopKind : byte
{
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    TransformList,
    TransformMap,
    TransformEntry,
}

/// <param name="first">The element, or with two variables the index or key.</param>
/// <param name="second">The element or value; null for macros with one variable.</param>
/// <param name="filter">Elements for which it is false are passed over; null for none.</param>
internal sealed class LoopExpr(int at, LoopKind kind, Expr range, string first, string? second, Expr? filter, Expr body) : Expr(at)
{
    public LoopKind Kind { get; } = kind;

    public Expr Range { get; } = range;

    public string First { get; } = first;

    public string? Second { get; } = second;

    public Expr? Filter { get; } = filter;

    public Expr Body { get; } = body;

    /// <summary>Where its first variable is kept; the second comes after it.</summary>
    public int Slot { get; set; }
}

/// <summary><c>cel.bind</c>, and with an optional as value <c>optMap</c> and <c>optFlatMap</c>.</summary>
internal sealed class BindExpr(int at, BindKind kind, string name, Expr value, Expr body) : Expr(at)
{
    public BindKind Kind { get; } = kind;

    public string Name { get; } = name;

    public Expr Value { get; } = value;

    public Expr Body { get; } = body;

    public int Slot { get; set; }
}

internal enum BindKind : byte
{
    Bind,
    OptMap,
    OptFlatMap,
}
