using RealtimeCnn.Cpu;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>When a machine is taken for crowded, and for how long.</summary>
public sealed class CrowdingTests
{
    [Theory]
    [InlineData(3, 3, 1, 20)] // two threads beside two busy programs: each loses its processor about every 8 ms
    [InlineData(2, 4, 1, 30)]
    [InlineData(100, 1, 12, 1)] // runs so long that one tells
    public void Losses_of_all_that_follow_one_another_make_a_crowd_within_some_runs(int milliseconds, int runsOfALoss, int losses, int most)
    {
        var crowding = new Crowding(2);
        int runs = 0;
        for (; !crowding.IsCrowded; runs++)
            crowding.EndRun([runs % runsOfALoss == 0 ? losses : 0, runs % runsOfALoss == 1 % runsOfALoss ? losses : 0], Time(runs * milliseconds));
        Assert.InRange(runs, 1, most);
    }

    [Theory]
    [InlineData(3, 30)]
    [InlineData(3, 7)] // losses 21 ms apart
    [InlineData(33, 1)] // a camera's runs, each with a loss
    public void Single_losses_make_none(int milliseconds, int runsOfALoss)
    {
        var crowding = new Crowding(2);
        for (int run = 0; run < 1000; run++)
        {
            long loss = run % runsOfALoss == 0 ? 1 : 0;
            crowding.EndRun([loss, loss], Time(run * milliseconds));
            Assert.False(crowding.IsCrowded);
        }
    }

    [Fact]
    public void One_busy_program_that_takes_from_one_participant_or_from_each_in_turn_makes_none()
    {
        Crowding one = new(2), inTurn = new(2);
        for (int run = 0; run < 1000; run++)
        {
            one.EndRun([0, 1], Time(run * 4));
            inTurn.EndRun([run % 4 == 0 ? 1 : 0, run % 4 == 2 ? 1 : 0], Time(run * 4));
            Assert.False(one.IsCrowded || inTurn.IsCrowded);
        }
    }

    [Fact]
    public void A_crowd_is_looked_for_again_after_a_while()
    {
        var crowding = new Crowding(2);
        crowding.EndRun([3, 3], Time(1000));
        for (int now = 1000; now < 1400; now += 5)
        {
            Assert.True(crowding.IsCrowded);
            // What is lost to one another on a shared processor says nothing.
            crowding.EndRun([2, 2], Time(now));
        }

        crowding.EndRun([2, 2], Time(1400));
        Assert.False(crowding.IsCrowded);
        crowding.EndRun([2, 2], Time(1403));
        Assert.False(crowding.IsCrowded);
        crowding.EndRun([2, 2], Time(1406));
        Assert.True(crowding.IsCrowded);
    }

    private static TimeSpan Time(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
