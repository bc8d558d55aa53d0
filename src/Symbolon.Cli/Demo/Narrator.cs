using Symbolon.Cli.Output;

namespace Symbolon.Cli.Demo;

/// <summary>Tells each step in plain words and whether it went as it should. The first that did not ends the show.</summary>
internal sealed class Narrator(Screen screen)
{
    private int step;

    public void Title(string text) => screen.Line($"\n{++step}. {text}");

    /// <summary>Says what happened, once it was checked.</summary>
    /// <exception cref="CommandException">It did not.</exception>
    public void Check(bool holds, string what, string? found = null)
    {
        screen.Line($"   {(holds ? "✔" : "✘")} {PlainText.OneLine(what)}");
        if (!holds) throw new CommandException(ExitCode.Error, "demo_failed", $"Step {step} did not go as it should: {what}") { Hint = found is null ? null : $"Found: {found}" };
    }

    public void Say(string text) => screen.Line($"     {PlainText.OneLine(text)}");
}
