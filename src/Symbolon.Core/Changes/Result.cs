namespace Symbolon.Core.Changes;

/// <summary>What came of a change: its result, or why it was refused.</summary>
public abstract record Result<T>
{
    private Result() { }

    public sealed record Done(T Value) : Result<T>;

    public sealed record Refused(ChangeError Why) : Result<T>;

    public static implicit operator Result<T>(T value) => new Done(value);

    public static implicit operator Result<T>(ChangeError why) => new Refused(why);

    /// <summary>The other form of the same outcome.</summary>
    public Result<TOther> Select<TOther>(Func<T, TOther> map) => this switch
    {
        Done done => map(done.Value),
        Refused refused => refused.Why,
        _ => throw new InvalidOperationException(),
    };
}
